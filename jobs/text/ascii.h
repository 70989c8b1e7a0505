/// Letters and digits of ASCII, whatever the locale: what protocols and formats are spelled with.
///
/// Bytes of longer UTF-8 characters are neither. Pure functions.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace reeld {

[[nodiscard]] constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// A letter in lower case, any other byte as it is.
[[nodiscard]] constexpr char lower_letter(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] constexpr bool is_letter_or_digit(char c) {
    return is_digit(c) || (lower_letter(c) >= 'a' && lower_letter(c) <= 'z');
}

/// The text with its letters in lower case.
[[nodiscard]] inline std::string lower_letters(std::string_view text) {
    std::string lowered(text);
    std::ranges::transform(lowered, lowered.begin(), lower_letter);
    return lowered;
}

/// Equal but for the case of letters.
[[nodiscard]] constexpr bool same_letters(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, lower_letter, lower_letter);
}

} // namespace reeld
