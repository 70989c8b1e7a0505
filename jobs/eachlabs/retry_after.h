/// `Retry-After` as a duration (RFC 9110, section 10.2.3). Pure: no locale, no time zone of the machine.
#pragma once

#include "jobs/queue/time.h"

#include <optional>
#include <string_view>

namespace reeld::eachlabs {

/// The longest wait that is believed. A provider that asks for more has made a mistake, and a night's work
/// should not be lost to it.
inline constexpr Duration kRetryAfterMax = std::chrono::hours{24};

/// How long to wait from the answer on, in [0, kRetryAfterMax]; std::nullopt for nonsense.
///
/// `retry_after` is the header's value: seconds (decimals are accepted, below zero counts as 0) or an
/// HTTP date in any of the three forms of RFC 9110, section 5.6.7. A date is taken against `date`, the
/// `Date` header of the same answer, since both come from one clock and ours may be off; without a valid
/// `date` it says nothing.
[[nodiscard]] std::optional<Duration> read_retry_after(std::string_view retry_after, std::string_view date);

} // namespace reeld::eachlabs
