/// HTTP over libcurl's multi socket interface, on the event loop. Knows nothing of shots.
///
/// Two kinds of request, because libcurl repeats requests by itself: when a reused connection dies before
/// the first byte of the answer, it sends the same request again, POST included, up to five times, and no
/// option switches that off.
///  - `once`: sent at most once, whatever happens. A fresh connection that is not kept, HTTP/1.1, no
///    redirect, no `Expect:`, and a body that can be read one time only. Everything that costs money.
///  - `repeatable`: pooled, kept alive, may be repeated by libcurl. Polls and lists.
///
/// Of neither kind is a redirect followed: it is an answer, and following it would carry the key to wherever
/// it points. Proxies are taken from the environment, except for this machine's own addresses; what a proxy
/// says when it opens no tunnel is not an answer. Only http and https are spoken.
///
/// Threading: the loop's thread; libcurl looks up each host name in a short-lived thread of its own, which
/// inherits the blocked signals, so watch signals first. Callbacks run from the loop, never from inside
/// start() and never on libcurl's stack; they may start and drop requests, but not destroy the Http.
/// Errors: an HTTP status is data, a failed transfer is an outcome; only a lack of memory throws after
/// construction.
#pragma once

#include "daemon/loop/loop.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

struct HttpRequest {
    enum class Kind : std::uint8_t { once, repeatable };

    Kind kind = Kind::repeatable;
    std::string method = "GET"; ///< "GET" or "POST".
    std::string url{};
    /// When not empty: connects to this unix socket, whatever host the URL names.
    std::string unix_socket{};
    std::vector<std::string> headers{};                  ///< "Name: value". May hold the key; never logged.
    std::string body{};                                  ///< For POST.
    std::size_t answer_bytes_max = std::size_t{1} << 20; ///< A longer body ends the transfer as `lost`.
    Duration connect_timeout = std::chrono::seconds{10}; ///< Name lookup, connect and TLS together.
    Duration total_timeout = std::chrono::seconds{60};   ///< From start() to the answer's last byte.
};

struct HttpAnswer {
    enum class Outcome : std::uint8_t {
        /// A complete answer: status line, headers and the whole body. For Kind::once its framing proves it
        /// (`Content-Length` reached, the last chunk, or a status that has no body); for Kind::repeatable a
        /// body may also end with its connection.
        answered,
        /// Certain: not one byte of the request left (name lookup, connect, proxy, TLS handshake).
        not_sent,
        /// The connection stood, so something may have left, and no complete answer came.
        lost,
    };

    Outcome outcome = Outcome::lost;
    int status = 0; ///< 0 when no final status line arrived. Set for `lost` too when one did.
    std::string body;
    std::string retry_after; ///< The header's value, or empty. Likewise the next three.
    std::string date;
    std::string content_type;
    std::string request_id;
    std::string cause; ///< Why it is not `answered`, in words for a person; empty otherwise.
    Duration took{};   ///< From start() to the end of the transfer.
};

class Http {
public:
    struct Options {
        /// Connections at once before idle ones are dropped. Those in use count, of both kinds: with fewer
        /// than there may be creates and polls under way, each poll would find the pool empty.
        std::size_t pool_connections_max = 1024;
        std::string user_agent = "reeld";
        std::string ca_file{}; ///< PEM; empty: the system's certificates.
    };

    using Ticket = std::uint64_t;
    using Done = std::function<void(HttpAnswer&&)>;

    /// Throws std::runtime_error when libcurl cannot be initialised. The first one in a process makes libcurl
    /// read its environment: SSLKEYLOGFILE, which would write the keys of every connection to a file, must
    /// have been removed from it before.
    Http(Loop& loop, Options options);
    ~Http(); ///< Drops what is under way without calling back.
    Http(const Http&) = delete;
    Http& operator=(const Http&) = delete;

    /// Starts a request. Its method is GET or POST, and no header contains a line break: either is a bug of
    /// the caller. `done` is called exactly once, in a later callback of the loop, unless drop() comes
    /// first.
    Ticket start(HttpRequest request, Done done);

    /// Forgets a request: its connection is closed and `done` is never called. Unknown tickets are ignored.
    void drop(Ticket ticket);

    /// Requests under way.
    [[nodiscard]] std::size_t active() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace reeld
