/// Instants of the calendar as RFC 3339 text, and back. Pure: no locale, no time zone of the machine.
#pragma once

#include "jobs/queue/time.h"

#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// "2026-11-23T01:02:03.004Z": UTC, whole milliseconds, rounded down, so that the text is never later than
/// the instant. RFC 3339 knows the years 0 to 9999; instants outside them become the nearest it can say.
[[nodiscard]] std::string rfc3339(WallTime time);

/// The instant that an RFC 3339 `date-time` names, rounded down to a microsecond; nothing for every other
/// text, and for instants outside the years 1970 to 9999 in UTC, which no provider means.
///
/// `T` and `Z` may be in lower case; a fraction may have any length; offsets reach to 23:59. A leap second
/// (`23:59:60` in UTC) is the first second of the next day, as on every clock that knows none.
[[nodiscard]] std::optional<WallTime> read_rfc3339(std::string_view text);

} // namespace reeld
