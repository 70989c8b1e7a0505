/// How the journal's timeline goes on when the program starts: arithmetic, no clock.
///
/// An Instant is CLOCK_BOOTTIME plus an offset. Within one boot the offset stays, so the timeline is exact.
/// A reboot starts that clock anew: the timeline then goes on from the last event by as much as the wall
/// clock has moved since, and by nothing when the wall clock has stepped back.
#pragma once

#include "jobs/queue/time.h"

#include <optional>
#include <string>

namespace reeld {

/// What an earlier run left in the journal.
struct TimelineRecord {
    std::string boot_id;
    Duration offset{};               ///< Of that boot.
    std::optional<Stamp> last_event; ///< The newest event, if there is any.
};

/// The clocks as they stand now.
struct ClockReading {
    std::string boot_id;
    Duration boot{}; ///< CLOCK_BOOTTIME: since boot, suspended time included.
    WallTime wall;
};

struct TimelineStart {
    Duration offset{};
    bool same_boot = false;
};

/// The offset to go on with. A timeline without any event starts at the wall clock's microseconds since
/// the epoch, which makes instants readable, but not before kTimelineFloor. It is never before the last
/// event, whatever the clocks say.
[[nodiscard]] TimelineStart start_timeline(const std::optional<TimelineRecord>& record,
                                           const ClockReading& now);

/// The earliest instant of a timeline. A machine without a battery for its clock wakes up in 1970, and an
/// instant of zero or below would look like one that was never set.
inline constexpr Instant kTimelineFloor{std::chrono::hours{24}};

/// Instants and wall times beyond this (the end of the year 9999) are signs of a damaged file. Below it,
/// no sum of two of them overflows.
inline constexpr Duration kTimeMax = std::chrono::seconds{253'402'300'799};

} // namespace reeld
