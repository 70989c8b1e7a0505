/// The address of the provider, as an operator may configure it. Pure functions.
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

/// Without slashes at its end, so that a path can be appended.
[[nodiscard]] std::string without_end_slash(std::string_view url);

} // namespace reeld
