/// libmicrohttpd on the loop, wrapped once: HTTP/1.1 on a loopback port, for the sandbox.
///
/// Complete requests go to a function that answers at once; what the function returns also says how the
/// reply is to fail to arrive. libmicrohttpd runs from its epoll descriptor: no thread.
///
/// libmicrohttpd lets several things pass that it should not, so they are checked here: exactly one Host;
/// at most one Content-Length, never beside a Transfer-Encoding (a second request could be smuggled in);
/// bodies up to a limit; and a deadline for a whole request, since its own timeout starts again with every
/// byte.
///
/// Threading: the loop's. Ownership: the loop must outlive it.
#pragma once

#include "daemon/loop/loop.h"
#include "daemon/sandbox/reply.h"

#include <cstdint>
#include <functional>
#include <memory>

namespace reeld::sandbox {

class HttpServer {
public:
    struct Options {
        std::uint16_t port = 0;          ///< On 127.0.0.1; 0: a free one.
        unsigned connections_max = 4096; ///< In all and, since all come from here, per address.
        std::size_t body_bytes_max = std::size_t{1} << 20; ///< Beyond it: 413.
        /// Of a kept connection without a request, 1 s at least: whole seconds count.
        Duration idle_timeout = std::chrono::seconds{75};
        /// From the end of one request (or the connection's start) to the end of the next.
        Duration request_timeout = std::chrono::seconds{120};
        /// How often connections are looked at for their deadlines, which are kept to within this.
        Duration sweep_interval = std::chrono::seconds{1};
        /// How long a stalled reply keeps its connection, unless the client goes away first.
        Duration stall_max = std::chrono::minutes{10};
    };

    /// Must not throw, and must not touch the server.
    using Answer = std::function<Reply(const Request&)>;

    /// Listens when it returns; answers while the loop turns. Throws std::runtime_error when the port
    /// cannot be had.
    HttpServer(Loop& loop, const Options& options, Answer answer);
    ~HttpServer(); ///< Closes every connection.
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] std::uint16_t port() const;

    /// Connections that are open, stalled ones included.
    [[nodiscard]] std::size_t connections() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace reeld::sandbox
