/// Requests and replies as values, between the HTTP shell and the provider that knows nothing of sockets.
#pragma once

#include "daemon/sandbox/provider_options.h"

#include <cstdint>
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

/// How a reply reaches the client, if it does.
enum class Delivery : std::uint8_t {
    whole,
    half,  ///< The whole length is promised, half of the body is sent, then the connection is closed.
    close, ///< Closed in an orderly way, without a byte of an answer.
    reset, ///< Reset (RST), without a byte of an answer.
    stall, ///< Nothing, until the client goes away.
};

struct Reply {
    int status = 200;
    std::string body;
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers; ///< Beside content type, length and date.
    Delivery delivery = Delivery::whole;
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

/// The error body of `problem` in the shape that was asked for.
[[nodiscard]] Reply refusal(const Problem& problem, ErrorShape shape);

} // namespace reeld::sandbox
