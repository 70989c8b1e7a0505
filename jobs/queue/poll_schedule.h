/// When to ask next whether a prediction has ended.
#pragma once

#include "jobs/queue/durations.h"
#include "jobs/queue/time.h"

#include <optional>

namespace reeld {

struct PollPolicy {
    std::optional<Duration> first;            ///< Age at the first poll; empty: from what is believed.
    Duration min = std::chrono::seconds{1};   ///< Between two polls of a prediction, at least. Above zero.
    Duration max = std::chrono::seconds{15};  ///< Likewise, at most; not below `min`.
    Duration give_up = std::chrono::hours{1}; ///< Age at which a prediction is overdue and is cancelled.
    /// A webhook will tell the end of this prediction. Then polls only have to find out, some day, that it
    /// does not: they begin when most predictions have ended, and may be further apart than `max`.
    bool webhook = false;
};

/// How long to wait, at age `age`, until the next poll, given that the prediction has not ended.
///
/// A poll too early costs a request, an end seen late costs an empty slot. If a prediction that can end with
/// hazard h is polled every D, it costs 1/D polls and h·D/2 of lag; for any given number of polls the lag is
/// least when D is proportional to 1/√h. So the k-th poll is due where the integral of √(h/2w) reaches k,
/// with w the lag that one poll is worth: a fixed share of the median, which makes about 34 polls and a lag
/// of two thirds of a percent of the median, whatever the model. With a webhook to come, w is so much larger
/// that one or two polls are made; should it be lost, the end is seen about a sixth of the median late.
/// `jitter` in [-1, 1] moves the wait by up to
/// a twentieth, so that many predictions created together are not polled together.
[[nodiscard]] Duration wait_until_poll(const PollPolicy& policy, const DurationBelief& belief, Duration age,
                                       double jitter);

/// How much earlier than due a poll may come whose wait, at age `age`, is `wait`, when another is due anyway.
/// A few predictions are then asked about in one wake-up of the program, which costs three times as much as
/// the request itself; for the same number of polls, so small a change of the waits adds two hundredths to
/// the lag.
[[nodiscard]] Duration poll_leeway(const PollPolicy& policy, const DurationBelief& belief, Duration age,
                                   Duration wait);

/// How long to wait after `failures` polls in a row (at least 1) that brought no news.
[[nodiscard]] Duration wait_after_failed_poll(const PollPolicy& policy, int failures, double jitter);

} // namespace reeld
