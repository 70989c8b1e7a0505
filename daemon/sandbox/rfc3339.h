/// Instants of the calendar as the provider writes them: RFC 3339.
#pragma once

#include "jobs/queue/time.h"

#include <optional>
#include <string>
#include <string_view>

namespace reeld::sandbox {

/// "2026-05-25T08:30:00.250Z": UTC, milliseconds, always 24 characters for the years 0 to 9999.
[[nodiscard]] std::string to_rfc3339(WallTime time);

/// Takes any fraction of a second (what is finer than a microsecond is dropped), `Z` or a numeric offset,
/// and either case of the letters; refuses days that the calendar does not have, and leap seconds.
[[nodiscard]] std::optional<WallTime> from_rfc3339(std::string_view text);

/// "Mon, 25 May 2026 08:30:00 GMT", as HTTP headers have it.
[[nodiscard]] std::string to_http_date(WallTime time);

} // namespace reeld::sandbox
