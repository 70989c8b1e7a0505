/// The target of a request line, read once: a path that means what it seems to, and the query.
///
/// Decoding twice, or checking before decoding, is how a path climbs out of where it belongs; so it is
/// decoded here, once, and checked afterwards. Pure.
#pragma once

#include "daemon/http/reply.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace reeld::http {

struct Target {
    std::string path;                                       ///< Starts with '/'; valid UTF-8.
    std::vector<std::pair<std::string, std::string>> query; ///< `+` is a blank; a name without '=' has "".
};

/// Reads `raw` as it stood between the method and the version. 400 when it is no path of this server's (a
/// whole URI, `*`, an authority), when a `%` is not followed by two hexadecimal digits, when a byte stands in
/// it that had to be encoded, and when the decoded path or query holds a control character (a query may hold
/// line ends and tabs), is no UTF-8, or has a segment `..`.
[[nodiscard]] std::variant<Target, Refusal> read_target(std::string_view raw);

} // namespace reeld::http
