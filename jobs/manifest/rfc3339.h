/// Instants of the calendar as RFC 3339 text.
#pragma once

#include "jobs/queue/time.h"

#include <string>

namespace reeld {

/// "2026-11-23T01:02:03.004Z": UTC, whole milliseconds, rounded down, so that the text is never later than
/// the instant. RFC 3339 knows the years 0 to 9999; instants outside them become the nearest it can say.
[[nodiscard]] std::string rfc3339(WallTime time);

} // namespace reeld
