/// Where the provider's webhooks come in: a server of its own that knows nothing else.
///
/// It is the one door that is open to the internet, if through a web server that speaks https. So it answers
/// POST below one path and 404 to all else, the same 404 whether the path, the token, the secret or the body
/// is wrong; it tells nothing of the daemon and touches nothing but what `arrived` does. The provider does
/// not repeat what was answered with 200: whoever accepts a call answers it when it cannot be forgotten any
/// more.
///
/// Threading: the loop's. Ownership: the loop must outlive it.
#pragma once

#include "daemon/app/webhook_arrivals.h"
#include "daemon/config/listen_address.h"
#include "daemon/control/address_limit.h"
#include "daemon/http/server.h"

#include <functional>
#include <string>
#include <string_view>

namespace reeld {

class WebhookListener {
public:
    /// A webhook of the provider has a kilobyte or two.
    static constexpr std::size_t kBodyBytesMax = std::size_t{64} << 10;
    static constexpr std::size_t kHeaderBytesMax = std::size_t{8} << 10;
    static constexpr unsigned kConnectionsMax = 256;

    /// Longer ones are nobody's, and not looked up.
    static constexpr std::size_t kTokenBytesMax = 64;

    struct Options {
        ListenAddress listen; ///< Port 0: a free one.
        std::string path;     ///< "/hooks": what stands before "/TOKEN". May be empty.
        AddressLimit::Limit per_address;
        Duration request_timeout = std::chrono::seconds{10}; ///< For a whole request.
    };

    /// Answers whether the call is one of a live create's, at once or later; never is 503 after a while. It
    /// must not throw.
    using Arrived = std::function<void(const WebhookCall&, std::function<void(bool known)> answer)>;

    /// Listens when it returns. Throws std::runtime_error, with a sentence for a person, when the place
    /// cannot be had.
    WebhookListener(Loop& loop, const Options& options, Arrived arrived);

    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    [[nodiscard]] std::size_t connections() const { return server_.connections(); }

private:
    void answer(const http::Request& request, const http::Respond& respond);
    [[nodiscard]] std::string_view token_of(const http::Request& request) const;

    Loop& loop_;
    std::string before_token_; ///< The path and a slash.
    Arrived arrived_;
    AddressLimit limit_;
    http::Server server_; // Last, so that it ends first: its answers use the members above.
};

} // namespace reeld
