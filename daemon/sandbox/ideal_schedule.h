/// How fast the same predictions could have been rendered: the yardstick for the client's schedule.
///
/// Pure arithmetic on durations; knows nothing of requests.
#pragma once

#include "jobs/queue/time.h"

#include <span>

namespace reeld::sandbox {

/// What a client may do at most.
struct ScheduleLimits {
    int creates = 100;                       ///< Starts in any half-open window of length `per`. At least 1.
    Duration per = std::chrono::seconds{60}; ///< Above zero.
    int concurrent = 10;                     ///< Predictions at once. At least 1.
};

/// The makespan of a client without any delay that creates in this order: each prediction starts at the
/// first instant, not before the start of the one ahead of it, at which a slot is free and the window has
/// room; a slot is free again the instant its prediction ends. From the first start to the last end; zero
/// for none. Takes n log(concurrent) steps.
[[nodiscard]] Duration ideal_makespan(std::span<const Duration> durations, const ScheduleLimits& limits);

} // namespace reeld::sandbox
