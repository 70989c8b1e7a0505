/// The shot that the manifest's tests tell of, and the night in which its events come, a minute apart.
#pragma once

#include "jobs/queue/event.h"

#include <utility>

namespace reeld::test {

inline constexpr ShotRef kShot{.batch = 1, .index = 4};
inline constexpr WallTime kStart = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23};

[[nodiscard]] inline Event at_minute(std::size_t minute, Fact fact) {
    const Duration age = std::chrono::minutes{minute};
    return {{Instant{age}, kStart + age}, std::move(fact)};
}

} // namespace reeld::test
