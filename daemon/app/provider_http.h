/// The provider as an HTTP server: its address, the key, and its clock.
///
/// Adds what every call to the provider has in common, so that one place knows the key: no answer that leaves
/// here contains it. Knows nothing of shots.
#pragma once

#include "daemon/app/provider_clock.h"
#include "daemon/net/http.h"
#include "jobs/eachlabs/requests.h"

#include <string>

namespace reeld {

/// Threading: the loop's. Borrows its Http and its Loop. Callbacks run as Http's do.
class ProviderHttp {
public:
    struct Options {
        std::string base_url;
        std::string key_header; ///< "X-API-Key: …"
        Duration connect_timeout = std::chrono::seconds{10};
        Duration create_timeout = std::chrono::seconds{60};
        Duration poll_timeout = std::chrono::seconds{30};
        std::size_t answer_bytes_max = std::size_t{1} << 20;
    };

    ProviderHttp(Loop& loop, Http& http, Options options);
    ProviderHttp(const ProviderHttp&) = delete;
    ProviderHttp& operator=(const ProviderHttp&) = delete;

    /// Sends a create: once, whatever happens.
    void create(const eachlabs::Call& call, Http::Done done);
    /// Sends what may be asked again: a poll, a list.
    void ask(const eachlabs::Call& call, Http::Done done);
    /// Sends a cancel: once, with the patience of a poll.
    void order(const eachlabs::Call& call, Http::Done done);

    /// By the `Date` of its answers.
    [[nodiscard]] const ProviderClock& clock() const { return clock_; }

private:
    void start(const eachlabs::Call& call, HttpRequest::Kind kind, Duration timeout, Http::Done done);

    Loop& loop_;
    Http& http_;
    Options options_;
    std::string
        key_; ///< As it may be quoted in an answer; empty when it is too short to be told from a word.
    ProviderClock clock_;
};

} // namespace reeld
