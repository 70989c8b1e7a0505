/// A complete, well-formed HTTP request as a value, and who sent it.
///
/// What reaches an Answer has been checked by the server: one Host, a body whose end is beyond dispute, a
/// path that was decoded once and neither climbs nor hides a control character. What the path and the headers
/// mean is the Answer's business: the Host's value, Origin and cookies are passed on as they came.
///
/// Ownership: views. A request that comes from a server is valid only until the Answer returns, also when
/// the reply comes later: copy what is needed then. A test may make one by hand.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace reeld::http {

/// Who is at the other end of the connection.
struct Peer {
    std::optional<uid_t> uid; ///< Of the process that connected; a unix socket's client only.
    std::optional<gid_t> gid; ///< Likewise.
    std::string address;      ///< Numeric, without the port; empty on a unix socket.
};

struct Request {
    using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

    std::string_view method; ///< "GET", "HEAD", "POST", …; never TRACE or CONNECT.
    std::string_view path;   ///< Decoded, without the query; starts with '/', has no ".." segment, is UTF-8.
    Pairs query;             ///< Decoded, in order; a name without '=' has "". May repeat names.
    Pairs headers;           ///< As they came, in order; values without blanks around them.
    std::string_view body;
    Peer peer;

    /// The first header of that name, whatever the case of its letters; empty when there is none. Of
    /// Authorization, Content-Type, Host, Origin, Range and the Sec-Fetch headers there is at most one.
    [[nodiscard]] std::string_view header(std::string_view name) const;

    /// The first value of that name in the query, or nothing.
    [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;
};

} // namespace reeld::http
