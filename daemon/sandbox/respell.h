/// The same JSON in other characters, as any provider may give back what it was sent.
#pragma once

#include <string>
#include <string_view>

namespace reeld::sandbox {

/// `json` with the keys of every object in reverse order, blanks between its parts, the first character of
/// every string as an escape, and every number with an exponent. What it says stays the same. Requires valid
/// JSON no deeper than kJsonDepthMax.
[[nodiscard]] std::string respelled(std::string_view json);

} // namespace reeld::sandbox
