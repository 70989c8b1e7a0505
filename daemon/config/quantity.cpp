#include "daemon/config/quantity.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>
#include <span>

namespace reeld {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t size;
};

// Largest first: the formatter takes the first that fits.
constexpr std::array<Unit, 4> kTimes = {
    {{"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1000}}};
constexpr std::array<Unit, 4> kSizes = {{{"GiB", std::uint64_t{1} << 30},
                                         {"MiB", std::uint64_t{1} << 20},
                                         {"KiB", std::uint64_t{1} << 10},
                                         {"", 1}}};

std::optional<std::uint64_t> parse(std::string_view text, std::span<const Unit> units) {
    std::uint64_t number = 0;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    if (error != std::errc{}) return std::nullopt;
    const std::string_view name{end, static_cast<std::size_t>(last - end)};
    for (const Unit& unit : units) {
        if (unit.name != name) continue;
        constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        return number <= kMost / unit.size ? std::optional{number * unit.size} : std::nullopt;
    }
    return std::nullopt;
}

std::string format(std::uint64_t amount, std::span<const Unit> units) {
    for (const Unit& unit : units) {
        if (amount != 0 && amount % unit.size == 0) return fmt::format("{}{}", amount / unit.size, unit.name);
    }
    return fmt::format("{}{}", amount / units.back().size, units.back().name);
}

} // namespace

std::optional<Duration> parse_duration(std::string_view text) {
    const auto microseconds = parse(text, kTimes);
    if (!microseconds) return std::nullopt;
    return Duration{static_cast<std::int64_t>(*microseconds)};
}

std::string format_duration(Duration duration) {
    return format(static_cast<std::uint64_t>(duration.count()), kTimes);
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
    return parse(text, kSizes);
}

std::string format_bytes(std::uint64_t bytes) {
    return format(bytes, kSizes);
}

} // namespace reeld
