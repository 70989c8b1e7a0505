/// Blanks and the byte order mark: what stands around a text and is not part of it.
#pragma once

#include <string_view>

namespace reeld {

/// U+FEFF in UTF-8. At the start of a text it says how the text is encoded; elsewhere it cannot be seen.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The text without the `blanks` at its two ends: by default those of JSON and YAML.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r\n") {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

} // namespace reeld
