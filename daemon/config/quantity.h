/// Durations and sizes as people write them. Pure functions.
#pragma once

#include "jobs/queue/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// A whole number and its unit, nothing between: "500ms", "60s", "2m", "1h". std::nullopt for all else,
/// also for what a Duration cannot hold.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);

/// The shortest exact form that parse_duration() takes; what is finer than a millisecond is cut off.
/// Requires a duration that is not negative.
[[nodiscard]] std::string format_duration(Duration duration);

/// Bytes, plain or with a unit of two's powers: "65536", "512KiB", "64MiB", "1GiB". "64MB" and "64M" are
/// refused: people disagree about what they mean.
[[nodiscard]] std::optional<std::uint64_t> parse_bytes(std::string_view text);

/// The shortest exact form that parse_bytes() takes.
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);

} // namespace reeld
