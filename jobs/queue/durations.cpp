#include "jobs/queue/durations.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace reeld {

namespace {

/// Spread of a belief that rests on a catalog's number alone: a third to three times as long is no surprise.
constexpr double kSpreadUnseen = 1.0;

/// Spread expected of a model before its own is known, and how many observations that expectation weighs.
constexpr double kSpreadExpected = 0.3;
constexpr double kSpreadWeight = 4;

/// As many observations weigh; older ones fade. A model may be twice as fast in the small hours, and a belief
/// that never faded would have to be outvoted by everything that was ever seen.
constexpr int kMemory = 64;

/// Never believe more sharply than this: providers' machines and queues differ.
constexpr double kSpreadMin = 0.04;

/// The share of stragglers, and how many medians they take on average.
constexpr double kStragglers = 0.01;
constexpr double kStragglerMedians = 3;

/// Durations below this are not told apart; keeps the logarithm finite.
constexpr double kSecondsMin = 1e-4;

double positive_seconds(Duration duration) {
    return std::max(kSecondsMin, std::chrono::duration<double>(duration).count());
}

Duration from_seconds(double value) {
    // A day is beyond every give-up time; it keeps the cast defined.
    constexpr double kSecondsMax = 86'400;
    return Duration{std::llround(std::clamp(value, kSecondsMin, kSecondsMax) * 1e6)};
}

double survival_of_normal(double z) {
    return 0.5 * std::erfc(z / std::numbers::sqrt2);
}

} // namespace

DurationBelief::DurationBelief(Duration median, double log_spread, int seen)
    : median_(median), log_spread_(log_spread), seen_(seen) {
    assert(median > Duration::zero() && log_spread > 0);
}

Duration DurationBelief::mean() const {
    // The spread of what was never seen is ignorance, not variation: it says nothing of the mean.
    if (seen_ == 0) return median_;
    return from_seconds(positive_seconds(median_) * std::exp(log_spread_ * log_spread_ / 2));
}

double DurationBelief::hazard_per_s(Duration age) const {
    const double t = positive_seconds(age);
    const double m = positive_seconds(median_);
    const double z = std::log(t / m) / log_spread_;
    const double density = std::exp(-z * z / 2) / (std::sqrt(2 * std::numbers::pi) * log_spread_ * t);
    const double straggler_rate = 1 / (kStragglerMedians * m);
    const double stragglers_left = kStragglers * std::exp(-t * straggler_rate);
    const double left = (1 - kStragglers) * survival_of_normal(z) + stragglers_left;
    // After some fifty medians even the stragglers' share underflows; what is left ends at their rate.
    if (left < 1e-300) return straggler_rate;
    return ((1 - kStragglers) * density + stragglers_left * straggler_rate) / left;
}

Duration DurationBelief::quantile(double chance) const {
    // Bisection on the normal's survival function: exact enough, and no table of coefficients to trust.
    double low = -8;
    double high = 8;
    for (int step = 0; step < 40; ++step) {
        const double middle = (low + high) / 2;
        (1 - survival_of_normal(middle) < chance ? low : high) = middle;
    }
    return from_seconds(positive_seconds(median_) * std::exp(log_spread_ * low));
}

void Durations::Observed::add(double log_s) {
    if (count == kMemory) {
        deviations *= (kMemory - 1.0) / kMemory;
    } else {
        ++count;
    }
    const double before = log_s - mean_log_s;
    mean_log_s += before / count;
    deviations += before * (log_s - mean_log_s);
}

void Durations::observe(const Kind& kind, Duration took) {
    const double log_s = std::log(positive_seconds(took));
    by_kind_[kind].add(log_s);
    by_model_[kind.model].add(log_s);
}

DurationBelief Durations::believe(const Observed& observed) {
    const double expected = kSpreadWeight * kSpreadExpected * kSpreadExpected;
    const double own = (expected + observed.deviations) / (kSpreadWeight + observed.count - 1);
    // The median is uncertain too, the more so the fewer ends were seen.
    const double variance = own * (1 + 1.0 / observed.count);
    return {from_seconds(std::exp(observed.mean_log_s)), std::max(kSpreadMin, std::sqrt(variance)),
            observed.count};
}

DurationBelief Durations::belief(const Kind& kind) const {
    if (const auto it = by_kind_.find(kind); it != by_kind_.end()) return believe(it->second);
    if (const auto it = by_model_.find(kind.model); it != by_model_.end()) return believe(it->second);
    const auto it = typical_.find(kind.model);
    const Duration typical =
        it == typical_.end() || it->second <= Duration::zero() ? kTypicalGuess : it->second;
    return {typical, kSpreadUnseen, 0};
}

} // namespace reeld
