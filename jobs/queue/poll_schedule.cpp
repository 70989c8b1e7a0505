#include "jobs/queue/poll_schedule.h"

#include <algorithm>
#include <cmath>

namespace reeld {

namespace {

/// The lag that one poll is worth, as a share of the median duration: w in the header's formula. Lag times
/// polls is fixed by how widely the durations spread (0.22 medians at a quarter, at best), so this number
/// only chooses between them: less than 35 polls, and a night that is less than 0.8 % longer than it must be.
constexpr double kLagPerPoll = 2.35e-4;

/// How finely the integral is taken: this many polls a step, within these shares of the median (or of the
/// age, when that is longer: there, little changes within one median).
constexpr double kStepPolls = 0.25;
constexpr double kStepMin = 1.0 / 400;
constexpr double kStepMax = 1.0 / 50;

/// So little is certain before this many ends were seen that the first poll does not wait longer than `max`.
constexpr int kSeenEnough = 3;

/// The share of predictions that may have ended before the first poll.
constexpr double kEndedBeforeFirst = 0.01;

/// As long as no end was seen, a prediction is asked about twice as often as `max` says: the first end tells
/// when to ask about all the others of its wave, so it should not be seen late.
constexpr double kUnseenShareOfMax = 0.5;

/// With a webhook to come: the lag that one poll is worth, the share of predictions that may have ended
/// before the first poll, and how far apart two polls may be at least, as a share of the median, or of the
/// age where hardly any end was seen.
constexpr double kLagPerPollWithWebhook = 100 * kLagPerPoll;
constexpr double kEndedBeforeFirstWithWebhook = 0.75;
constexpr double kApartOfMedianWithWebhook = 0.25;
constexpr double kApartOfAgeWithWebhook = 0.5;

constexpr double kJitterShare = 0.05;

/// How early a poll may come: a share of its wait, and at most one of the median, lest a long wait for the
/// first chance of an end is cut short by one that comes to nothing.
constexpr double kLeewayOfWait = 0.3;
constexpr double kLeewayOfMedian = 0.005;

Duration jittered(Duration wait, double jitter) {
    return wait + Duration{std::llround(static_cast<double>(wait.count()) * kJitterShare * jitter)};
}

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

/// Takes the integral of the header's formula from `age_s` on until it reaches 1, in steps that are small
/// beside the wait and beside the median; at most `most_s`.
double seconds_until_worth_a_poll(const DurationBelief& belief, double lag_per_poll, double age_s,
                                  double most_s) {
    const double median_s = seconds(belief.median());
    const double lag_per_poll_s = median_s * lag_per_poll;
    double polls_due = 0;
    double wait_s = 0;
    while (wait_s < most_s) {
        const double peek_s = median_s * kStepMin / 2;
        const Duration at{std::llround((age_s + wait_s + peek_s) * 1e6)};
        const double rate = std::sqrt(belief.hazard_per_s(at) / (2 * lag_per_poll_s));
        const double step_s =
            std::clamp(kStepPolls / rate, median_s * kStepMin, std::max(median_s, age_s + wait_s) * kStepMax);
        if (polls_due + rate * step_s >= 1) return std::min(most_s, wait_s + (1 - polls_due) / rate);
        polls_due += rate * step_s;
        wait_s += step_s;
    }
    return most_s;
}

/// How far apart two polls may be.
double most_seconds_apart(const PollPolicy& policy, const DurationBelief& belief, Duration age) {
    const double max_s = seconds(policy.max);
    if (!policy.webhook) return max_s * (belief.seen() == 0 ? kUnseenShareOfMax : 1);
    const double may_s = belief.seen() >= kSeenEnough ? seconds(belief.median()) * kApartOfMedianWithWebhook
                                                      : seconds(age) * kApartOfAgeWithWebhook;
    return std::max(max_s, may_s);
}

/// The age at which a prediction of a kind that is known is first asked about; zero when it is older.
Duration first_age(const PollPolicy& policy, const DurationBelief& belief, Duration age) {
    if (belief.seen() < kSeenEnough) return Duration::zero();
    // Asked only of the young: finding a quantile costs as much as all the rest.
    if (age >= belief.median() * (policy.webhook ? 2 : 1)) return Duration::zero();
    return belief.quantile(policy.webhook ? kEndedBeforeFirstWithWebhook : kEndedBeforeFirst);
}

} // namespace

Duration wait_until_poll(const PollPolicy& policy, const DurationBelief& belief, Duration age,
                         double jitter) {
    if (policy.first && age < *policy.first) return *policy.first - age;
    if (!policy.first) {
        const Duration earliest = first_age(policy, belief, age);
        if (age < earliest) return std::max(policy.min, jittered(earliest - age, jitter));
    }
    const double most_s = most_seconds_apart(policy, belief, age);
    const double lag_per_poll = policy.webhook ? kLagPerPollWithWebhook : kLagPerPoll;
    const double wait_s = seconds_until_worth_a_poll(belief, lag_per_poll, seconds(age), most_s);
    const Duration wait{std::llround(wait_s * 1e6)};
    const Duration most{std::llround(std::max(seconds(policy.max), most_s) * 1e6)};
    return std::clamp(jittered(wait, jitter), policy.min, most);
}

Duration poll_leeway(const PollPolicy& policy, const DurationBelief& belief, Duration age, Duration wait) {
    if (policy.first && age < *policy.first) return Duration::zero();
    const auto share = [](Duration whole, double part) {
        return Duration{std::llround(static_cast<double>(whole.count()) * part)};
    };
    const Duration most = std::min(share(wait, kLeewayOfWait), share(belief.median(), kLeewayOfMedian));
    return std::clamp(wait - policy.min, Duration::zero(), most);
}

Duration wait_after_failed_poll(const PollPolicy& policy, int failures, double jitter) {
    // 2^16 times `min` is beyond every sensible `max`; it keeps the shift defined.
    const auto doublings = std::clamp(failures, 0, 16);
    return std::clamp(jittered(policy.min * (std::int64_t{1} << doublings), jitter), policy.min, policy.max);
}

} // namespace reeld
