/// Performs the queue's decisions at the provider, and turns its answers into facts.
#pragma once

#include "daemon/journal/journal.h"
#include "daemon/net/http.h"
#include "jobs/eachlabs/requests.h"
#include "jobs/queue/action.h"
#include "jobs/queue/ledger.h"

#include <functional>
#include <string>

namespace reeld {

/// Creates, polls and cancels, each as one HTTP request. Holds the key; nothing it reports contains it.
///
/// Threading: the loop's. Borrows all its parts.
class ProviderCalls {
public:
    struct Options {
        std::string base_url;
        std::string key_header; ///< "X-API-Key: …"
        Duration connect_timeout = std::chrono::seconds{10};
        Duration create_timeout = std::chrono::seconds{60};
        Duration poll_timeout = std::chrono::seconds{30};
        std::size_t answer_bytes_max = std::size_t{1} << 20;
    };
    struct Reports {
        std::function<void(Fact)> record;
        std::function<void(const std::string&)> trouble;
    };

    ProviderCalls(Http& http, const Journal& journal, const Ledger& ledger, Options options, Reports reports);
    ProviderCalls(const ProviderCalls&) = delete;
    ProviderCalls& operator=(const ProviderCalls&) = delete;

    /// A new X-Request-Id: 128 random bits.
    [[nodiscard]] static std::string new_request_id();

    /// Performs a Create, Poll or Cancel. For a Create, the intent must be durable by now.
    void perform(const Action& action);

private:
    void create(ShotRef ref);
    void poll(ShotRef ref, const std::string& prediction);
    void cancel(const std::string& prediction);
    void on_create_answer(ShotRef ref, const HttpAnswer& answer);
    void on_poll_answer(ShotRef ref, const HttpAnswer& answer);
    [[nodiscard]] HttpRequest request(const eachlabs::Call& call, HttpRequest::Kind kind,
                                      Duration timeout) const;

    Http& http_;
    const Journal& journal_;
    const Ledger& ledger_;
    Options options_;
    Reports reports_;
};

} // namespace reeld
