/// The dates of HTTP headers (RFC 9110, section 5.6.7). Pure: no locale, no time zone of the machine.
#pragma once

#include "jobs/queue/time.h"

#include <optional>
#include <string_view>

namespace reeld::eachlabs {

/// The instant that a header's value names, in any of the three forms: "Sun, 06 Nov 1994 08:49:37 GMT",
/// "Sunday, 06-Nov-94 08:49:37 GMT" and "Sun Nov  6 08:49:37 1994". Blanks around it are ignored, and so is
/// the day of the week, which could only contradict the date. Nothing for every other text.
[[nodiscard]] std::optional<WallTime> read_http_date(std::string_view text);

} // namespace reeld::eachlabs
