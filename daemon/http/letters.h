/// ASCII as HTTP compares and classifies it, whatever the locale.
#pragma once

#include <algorithm>
#include <string_view>

namespace reeld::http {

constexpr char lower_letter(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Equal but for the case of letters.
inline bool same_letters(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, lower_letter, lower_letter);
}

constexpr bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// A character of a header's name or of a method (RFC 9110, 5.6.2).
constexpr bool is_token_character(char c) {
    if ((c >= '0' && c <= '9') || (lower_letter(c) >= 'a' && lower_letter(c) <= 'z')) return true;
    return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

inline bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_token_character);
}

} // namespace reeld::http
