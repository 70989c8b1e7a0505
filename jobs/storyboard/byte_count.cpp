#include "jobs/storyboard/byte_count.h"

#include <array>
#include <fmt/format.h>
#include <string_view>

namespace reeld {

std::string bytes_in_words(std::uint64_t bytes) {
    constexpr std::uint64_t kStep = 1024;
    constexpr auto kUnits = std::to_array<std::string_view>({"bytes", "KiB", "MiB", "GiB"});
    std::size_t unit = 0;
    for (; bytes != 0 && bytes % kStep == 0 && unit + 1 < kUnits.size(); ++unit) bytes /= kStep;
    return fmt::format("{} {}", bytes, kUnits[unit]);
}

} // namespace reeld
