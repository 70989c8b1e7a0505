/// The provider's language, outgoing: what is asked, without who sends it.
///
/// Pure text; the base URL and the key are arguments. Source of every rule: the provider's API, as the README sums it up.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reeld::eachlabs {

/// How the key travels.
enum class Auth : std::uint8_t { x_api_key, bearer };

struct Call {
    std::string method;               ///< "GET" or "POST".
    std::string path;                 ///< To be appended to the base URL; starts with '/'.
    std::string body;                 ///< JSON, or empty.
    std::vector<std::string> headers; ///< "Name: value": content type and X-Request-Id, never the key.
};

/// "X-API-Key: KEY" or "Authorization: Bearer KEY".
[[nodiscard]] std::string key_header(Auth auth, std::string_view key);

/// POST /prediction/ with {"model", "input"}; `input` is JSON text and is embedded as it is.
[[nodiscard]] Call create_call(std::string_view model, std::string_view input, std::string_view request_id);

/// GET /prediction/{id}; the id is percent-encoded.
[[nodiscard]] Call poll_call(std::string_view prediction);

/// POST /prediction/{id}/cancel
[[nodiscard]] Call cancel_call(std::string_view prediction);

/// GET /model?slug=
[[nodiscard]] Call model_call(std::string_view slug);

} // namespace reeld::eachlabs
