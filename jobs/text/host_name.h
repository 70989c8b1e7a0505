/// Names of hosts, as DNS has them.
#pragma once

#include "jobs/text/ascii.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace reeld {

/// Of a name, by RFC 1035.
inline constexpr std::size_t kHostNameBytesMax = 253;

/// Whether a text can be a host's name or IPv4 address, of either case: no port, no brackets.
[[nodiscard]] inline bool is_host_name(std::string_view text) {
    return !text.empty() && text.size() <= kHostNameBytesMax &&
           std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; });
}

} // namespace reeld
