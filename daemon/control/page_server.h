/// The door on `http.listen`: the page with its control API, and `/metrics`, `/healthz`, `/readyz`.
///
///     GET /  /page.css  /page.js  /favicon.ico   the page's files
///     GET /v1/session                            {"may_act": BOOL}: what this browser may do
///     GET /v1/…                                  as on the control socket; see below
///     POST /v1/…                                 likewise, with a session
///     GET /session?token=…                       exchanges a one-time token for a session, and goes on to /
///     GET /metrics  /healthz  /readyz            for machines: see answer_probe()
///
/// All else is 404. What a request must look like stands in browser_rules.h: a Host that the daemon is called
/// by (else 421), and nothing of another site's (else 403). Reading /v1 is free on this machine, by a name of
/// loopback; from elsewhere, and for every change, it takes a session, which only whoever may use the control
/// socket can open: `reeld dashboard` asks there for a token. POST /v1/sessions is not known here.
///
/// A session is a cookie of this port's: HttpOnly, SameSite=Strict. No request to another origin is ever
/// allowed: there is no CORS header. Nothing here writes a token or a cookie into a log.
///
/// Threading: the loop's. Ownership: borrows loop, API and clips, which must outlive it.
#pragma once

#include "daemon/control/browser_rules.h"
#include "daemon/control/clip_hosts.h"
#include "daemon/control/control_api.h"
#include "daemon/control/page_sessions.h"
#include "daemon/http/server.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

class PageServer {
public:
    /// A storyboard of some thousand shots; a larger one is handed over with `reeld submit`. Small, since
    /// whoever reaches the port may send so much before anybody looks at it.
    static constexpr std::size_t body_bytes_max = std::size_t{1} << 20;
    /// Also of one address, since all of this machine's browsers have the same; idle ones make room.
    static constexpr unsigned connections_max = 128;

    struct Parts {
        ControlApi& api;
        const ClipHosts& clips;
    };
    struct Reports {
        /// The reply to a path that machines ask for, or nothing when it is none: see answer_probe().
        std::function<std::optional<http::Reply>(std::string_view method, std::string_view path)> probe;
        /// A browser has got a session.
        std::function<void(const http::Peer&)> let_in;
    };

    /// Precondition: `config.listen`; its port may be 0. Throws std::runtime_error, with a sentence for a
    /// person, when the address cannot be had.
    PageServer(Loop& loop, Config::HttpPort config, Parts parts, Reports reports);

    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    [[nodiscard]] std::size_t connections() const { return server_.connections(); }

    /// The address that opens the page with a session, once, and until when it does.
    struct Invitation {
        std::string url;
        WallTime until;
    };
    /// Throws std::runtime_error when the kernel gives no random numbers.
    [[nodiscard]] Invitation invite();

private:
    void answer(const http::Request& request, const http::Respond& respond);
    void answer_api(const http::Request& request, const http::Respond& respond);
    [[nodiscard]] std::optional<http::Reply> file(const http::Request& request) const;
    [[nodiscard]] http::Reply enter(const http::Request& request);
    [[nodiscard]] bool has_session(const http::Request& request) const;
    [[nodiscard]] std::string cookie_name() const;

    Loop& loop_;
    Config::HttpPort config_;
    Parts parts_;
    Reports reports_;
    PageSessions sessions_;
    http::Server server_; // Last, so that it ends first: its answers use the members above.
};

} // namespace reeld
