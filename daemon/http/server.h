/// HTTP/1.1 on the loop, for everybody in the house: libmicrohttpd, wrapped once, behind a TCP address or a
/// unix socket.
///
/// Complete, well-formed requests go to one function, which answers at once or later. Everything else is
/// refused here or cut off. libmicrohttpd 0.9.75 lets things pass that it should not, so they are checked on
/// top of it (daemon/http/header_check.h, head_check.h, target.h): exactly one Host; at most one
/// Content-Length, never beside a Transfer-Encoding; no folded headers, bare line feeds or NULs; no path that
/// climbs. CONNECT, TRACE, `OPTIONS *` and whole URIs in the request line are refused.
///
/// Every stage of a connection has a deadline, however often a byte arrives, and nobody holds a place beyond
/// it. When all places are taken, the connection that has been idle longest makes room for the next client.
///
/// Threading: the loop's. Ownership: the loop must outlive it, and must have its clock's offset already. It
/// may be destroyed in any callback of the loop, but not in an Answer.
/// Memory: at most connections_max times the sum of body_bytes_max, twice header_bytes_max, and a reply.
#pragma once

#include "daemon/http/reply.h"
#include "daemon/http/request.h"
#include "daemon/loop/loop.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace reeld::http {

struct Ticket;

/// The right to answer one request, once. Copies share it: the first call counts, later ones do nothing, and
/// so does every call after the client has left, the deadline has passed, or the server is gone. It may be
/// called in the Answer or in any later callback of the loop.
class Respond {
public:
    explicit Respond(std::shared_ptr<Ticket> ticket) : ticket_(std::move(ticket)) {}
    /// A stream of which nobody will hear is closed.
    void operator()(Reply reply) const;

    /// Whether a reply would still be sent.
    [[nodiscard]] bool wanted() const;

private:
    std::shared_ptr<Ticket> ticket_;
};

/// Must not throw, and must not touch the server. A Respond that is never called ends in a 503 at
/// Options::answer_timeout.
using Answer = std::function<void(const Request&, const Respond&)>;

/// Where to listen. With a `unix_path` the rest is about the socket file, else about TCP.
struct Listen {
    std::string address = "127.0.0.1"; ///< Numeric, IPv4 or IPv6.
    std::uint16_t port = 0;            ///< 0: a free one.
    /// The socket file. One that a dead process left behind is replaced; it is removed at the end. It is
    /// never open to more than `unix_mode`, not even for a moment. At most 107 bytes, the kernel's limit.
    std::string unix_path;
    mode_t unix_mode = 0660;
    /// What a person does when the place cannot be had; ends the error's sentence.
    std::string remedy = "choose another address";
};

class Server {
public:
    struct Options {
        Listen listen;
        unsigned connections_max = 256;
        /// TCP only. More are closed at once, unless it is connections_max or above: then idle ones make
        /// room.
        unsigned connections_per_address_max = 64;
        /// Of a request's head, its first line included. Beyond it: 431, or 414.
        std::size_t header_bytes_max = std::size_t{16} << 10;
        std::size_t body_bytes_max = std::size_t{1} << 20; ///< Beyond it: 413.
        /// Whether a body may come in chunks, whose framing libmicrohttpd reads less strictly than it should;
        /// otherwise 411.
        bool chunked_bodies = false;

        /// From the connection's start, or the last reply, until a request line has arrived.
        Duration idle_timeout = std::chrono::seconds{60};
        /// From the request line to the end of the request.
        Duration request_timeout = std::chrono::seconds{30};
        /// From the request to its reply. Then: 503. A client that leaves while it waits is noticed on a unix
        /// socket at once, on TCP only now: it may have closed but its own half.
        Duration answer_timeout = std::chrono::seconds{30};
        /// From a reply's beginning until the client has taken it whole; of a stream, between two times that
        /// it takes anything while there is something to take.
        Duration reply_timeout = std::chrono::seconds{60};
        /// How long Delivery::stall keeps its connection, unless the client goes away first.
        Duration stall_max = std::chrono::minutes{10};
        /// How often connections are looked at for their deadlines, which are kept to within this.
        Duration sweep_interval = std::chrono::seconds{1};

        /// The reply to what the server itself refuses. libmicrohttpd's own refusals of what it cannot read
        /// have a body of its own making.
        std::function<Reply(const Refusal&)> refusal = refuse;

        /// Sent with every reply that has no header of that name itself; not with libmicrohttpd's own.
        std::vector<std::pair<std::string, std::string>> headers;
    };

    /// Listens when it returns; answers while the loop turns. Throws std::runtime_error, with a sentence for
    /// a person, when the place cannot be had: taken, not permitted, or a file that is no socket.
    Server(Loop& loop, Options options, Answer answer);
    ~Server(); ///< Closes every connection and removes the socket file.
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// The TCP port; 0 on a unix socket.
    [[nodiscard]] std::uint16_t port() const;

    /// Connections that are open, waiting and stalled ones included.
    [[nodiscard]] std::size_t connections() const;

    struct Impl; ///< Known to daemon/http only.

private:
    std::unique_ptr<Impl> impl_;
};

} // namespace reeld::http
