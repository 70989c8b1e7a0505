/// Time as the queue knows it: instants are arguments, and nothing here can tell what time it is.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace reeld {

using Duration = std::chrono::microseconds;

/// The journal's timeline. It has no `now()`: the event loop's clock is the only one, and it hands
/// instants in. The timeline never steps back and counts suspended time; across a restart in the same
/// boot it goes on exactly, across a reboot by the wall clock, never backwards.
struct JournalClock {
    using rep = std::int64_t;
    using period = std::micro;
    using duration = Duration;
    using time_point = std::chrono::time_point<JournalClock, Duration>;
    static constexpr bool is_steady = true;
};

using Instant = JournalClock::time_point;

/// The calendar's time, UTC. It may jump; it is for people and for the provider, never for a decision
/// about limits.
using WallTime = std::chrono::sys_time<Duration>;

/// When a fact became known, on both clocks.
struct Stamp {
    Instant at;    ///< For decisions.
    WallTime wall; ///< For manifests, logs and reports.

    friend bool operator==(const Stamp&, const Stamp&) = default;
};

} // namespace reeld
