/// Sizes in words.
#pragma once

#include <cstdint>
#include <string>

namespace reeld {

/// "64 MiB", "1 GiB", "1000 bytes": the largest unit that the number is a multiple of.
[[nodiscard]] std::string bytes_in_words(std::uint64_t bytes);

} // namespace reeld
