/// Characters as HTTP classifies them, whatever the locale.
#pragma once

#include "jobs/text/ascii.h"

#include <algorithm>
#include <string_view>

namespace reeld::http {

constexpr bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// A character of a header's name or of a method (RFC 9110, 5.6.2).
constexpr bool is_token_character(char c) {
    return is_letter_or_digit(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

inline bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_token_character);
}

} // namespace reeld::http
