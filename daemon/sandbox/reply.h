/// Requests and replies as values, between the HTTP shell and the provider that knows nothing of sockets.
#pragma once

#include "daemon/http/reply.h"
#include "daemon/http/request.h"
#include "daemon/sandbox/provider_options.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reeld::sandbox {

/// A complete request. Views live as long as the request that the shell holds.
struct Request {
    std::string_view method; ///< "GET", "HEAD", "POST", …
    std::string_view path;   ///< Without the query, percent-decoded; starts with '/'.
    std::vector<std::pair<std::string_view, std::string_view>> query; ///< Decoded; a name without '=' has "".
    std::string_view x_api_key;                                       ///< The header's value, or empty.
    std::string_view authorization;                                   ///< Likewise, and the next two.
    std::string_view range;
    std::string_view if_range;
    std::string_view body;

    /// The first value of that name, or nothing.
    [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;
};

using http::Delivery;

/// The shell's reply, and what is to be remembered of it.
struct Reply : http::Reply {
    /// Lines for the state file, to be written before the reply leaves; a line feed between them and none at
    /// the end. May be empty.
    std::string record;
};

/// Why a request is refused, in the provider's words.
struct Problem {
    int status = 400;
    std::string message;
    std::string details; ///< May be empty.
};

/// What the provider looks at in a request that came over HTTP.
[[nodiscard]] Request read_request(const http::Request& request);

/// The error body of `problem` in the shape that was asked for.
[[nodiscard]] Reply refusal(const Problem& problem, ErrorShape shape);

} // namespace reeld::sandbox
