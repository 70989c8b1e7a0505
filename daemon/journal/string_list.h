/// A list of strings in one column: a JSON array of strings.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// Strings that are no valid UTF-8 are mended (mend_utf8).
[[nodiscard]] std::string encode_strings(std::span<const std::string> strings);

/// The list again; std::nullopt when the text is no JSON array of strings.
[[nodiscard]] std::optional<std::vector<std::string>> decode_strings(std::string_view text);

} // namespace reeld
