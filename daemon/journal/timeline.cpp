#include "daemon/journal/timeline.h"

#include <algorithm>

namespace reeld {

namespace {

Instant after_reboot(const Stamp& last, WallTime wall) {
    return last.at + std::max(Duration::zero(), wall - last.wall);
}

} // namespace

TimelineStart start_timeline(const std::optional<TimelineRecord>& record, const ClockReading& now) {
    const bool same_boot = record && !now.boot_id.empty() && record->boot_id == now.boot_id;
    const Instant by_wall{std::max(now.wall.time_since_epoch(), kTimelineFloor.time_since_epoch())};
    Instant at = by_wall;
    if (same_boot) {
        at = Instant{now.boot + record->offset};
    } else if (record && record->last_event) {
        at = after_reboot(*record->last_event, now.wall);
    }
    if (record && record->last_event) at = std::max(at, record->last_event->at);
    return {.offset = at.time_since_epoch() - now.boot, .same_boot = same_boot};
}

} // namespace reeld
