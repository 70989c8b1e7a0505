/// Text that came from outside, made safe for a reader that insists on UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace reeld {

/// The same text; each byte that is not part of a well-formed UTF-8 sequence (RFC 3629: no overlong forms,
/// no surrogates, nothing above U+10FFFF) becomes U+FFFD.
[[nodiscard]] std::string repair_utf8(std::string_view text);

} // namespace reeld
