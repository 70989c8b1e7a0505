/// Finds the quote that yaml-cpp overlooks.
///
/// yaml-cpp 0.7.0 takes the end of the file for a closing quote when a line feed stands before it: the
/// whole rest of a storyboard becomes one prompt, without a word.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace reeld {

/// The offset of the quote that opens the scalar at `offset` (where its tag, anchor or quote begins) when
/// it has no counterpart in the text; std::nullopt when it has one, or when the scalar is not quoted.
[[nodiscard]] std::optional<std::size_t> unclosed_quote(std::string_view text, std::size_t offset);

} // namespace reeld
