/// Numbers from text, whatever the locale.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace reeld {

/// The number that the whole text is, in decimal: no blank, no `+`, nothing after it. None when there is
/// something else, or when `Number` cannot hold it.
template <typename Number>
[[nodiscard]] std::optional<Number> to_number(std::string_view text) {
    Number number{};
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return number;
}

/// Whether a text is a TCP port, from 1 to 65535.
[[nodiscard]] inline bool is_port(std::string_view text) {
    return to_number<unsigned short>(text).value_or(0) != 0;
}

} // namespace reeld
