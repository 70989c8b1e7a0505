/// When hours of the day are, by the machine's time zone database.
///
/// The one place that knows zones. Threading: the loop's; the first call reads the database's folder, and
/// each zone a small file. Hours across a change of the clock begin and end as the clock on the wall says: a
/// night from 22:00 to 06:00 has nine hours when the clock is put back within it. A time that the clock shows
/// twice is the first of the two, one that it leaves out is the moment of the change.
#pragma once

#include "jobs/queue/time.h"
#include "jobs/text/hours.h"

#include <span>
#include <string>
#include <vector>

namespace reeld {

struct WallSpan {
    WallTime from;
    WallTime until;

    friend bool operator==(const WallSpan&, const WallSpan&) = default;
};

/// The windows of `days` from `from` on: in order, apart from each other, none of them over. A window without
/// a zone has that of $TZ, else the machine's, and UTC when neither can be told. Throws std::runtime_error
/// when the database does not know a zone.
[[nodiscard]] std::vector<WallSpan> open_spans(std::span<const HoursWindow> windows, WallTime from,
                                               std::chrono::days days);

/// The names of all zones, sorted. Empty when there is no database, or it cannot be read.
[[nodiscard]] const std::vector<std::string>& known_zones();

} // namespace reeld
