/// Makes any bytes valid UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace reeld {

/// `text` with U+FFFD in place of each byte that belongs to no valid sequence (RFC 3629: no overlong
/// forms, no surrogates, nothing above U+10FFFF). Valid text comes back as it is, NUL included.
[[nodiscard]] std::string valid_utf8(std::string_view text);

} // namespace reeld
