/// The addresses of the provider and of its way back, as an operator may configure them. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace reeld {

/// Empty when `url` may be used; else what is wrong with it and what to write instead.
///
/// The API key is sent there, so it must be https, or http to this machine itself: 127.0.0.0/8, [::1] or
/// localhost, where a sandbox listens. User names, queries and fragments are refused: the first would be a
/// secret in a file that is none, the others would swallow the path that is appended.
[[nodiscard]] std::string why_not_base_url(std::string_view url);

/// The same for the address at which the provider reaches the daemon's webhooks, to which a token is
/// appended that nobody else may see: https, or http to this machine itself. Its path is compared with what
/// arrives, so it holds nothing that could be written in two ways: letters, digits, and - . _ ~ between
/// single slashes.
[[nodiscard]] std::string why_not_webhook_url(std::string_view url);

/// The path of such an address: "/hooks" of "https://example.org/hooks", empty when it has none.
[[nodiscard]] std::string_view path_of_url(std::string_view url);

/// Without slashes at its end, so that a path can be appended.
[[nodiscard]] std::string without_end_slash(std::string_view url);

} // namespace reeld
