#include "jobs/queue/poll_schedule.h"

#include <algorithm>
#include <cmath>

namespace reeld {

namespace {

/// The lag that one poll is worth, as a share of the median duration: w in the header's formula.
constexpr double kLagPerPoll = 1.5e-4;

/// How finely the integral is taken, as a share of the median.
constexpr double kStep = 1.0 / 400;

/// So little is certain before this many ends were seen that the first poll does not wait longer than `max`.
constexpr int kSeenEnough = 3;

/// The share of predictions that may have ended before the first poll.
constexpr double kEndedBeforeFirst = 0.01;

constexpr double kJitterShare = 0.05;

Duration jittered(Duration wait, double jitter) {
    return wait + Duration{std::llround(static_cast<double>(wait.count()) * kJitterShare * jitter)};
}

} // namespace

Duration wait_until_poll(const PollPolicy& policy, const DurationBelief& belief, Duration age,
                         double jitter) {
    if (policy.first && age < *policy.first) return *policy.first - age;
    const Duration earliest = policy.first ? Duration::zero() : belief.quantile(kEndedBeforeFirst);
    if (age < earliest && belief.seen() >= kSeenEnough) {
        return std::max(policy.min, jittered(earliest - age, jitter));
    }
    const double median_s = std::chrono::duration<double>(belief.median()).count();
    const double step_s = median_s * kStep;
    const double most_s = std::chrono::duration<double>(policy.max).count();
    const double lag_per_poll_s = median_s * kLagPerPoll;
    double polls_due = 0;
    double wait_s = 0;
    while (polls_due < 1 && wait_s < most_s) {
        const auto at = age + Duration{std::llround((wait_s + step_s / 2) * 1e6)};
        polls_due += step_s * std::sqrt(belief.hazard_per_s(at) / (2 * lag_per_poll_s));
        wait_s += step_s;
    }
    const Duration wait{std::llround(wait_s * 1e6)};
    return std::clamp(jittered(wait, jitter), policy.min, policy.max);
}

Duration wait_after_failed_poll(const PollPolicy& policy, int failures, double jitter) {
    // 2^16 times `min` is beyond every sensible `max`; it keeps the shift defined.
    const auto doublings = std::clamp(failures, 0, 16);
    return std::clamp(jittered(policy.min * (std::int64_t{1} << doublings), jitter), policy.min, policy.max);
}

} // namespace reeld
