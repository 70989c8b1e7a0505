/// Chance by seed, for tests. The standard distributions differ between libraries; this does not.
#pragma once

#include "jobs/queue/backoff.h"
#include "jobs/queue/time.h"

#include <cmath>
#include <cstdint>
#include <numbers>

namespace reeld::test {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : seed_(spread(seed)) {}

    /// A number in (0, 1).
    double in_unit() { return (static_cast<double>(throw_one() >> 11) + 0.5) * 0x1.0p-53; }
    /// A whole number in [0, sides). Requires sides > 0.
    std::uint64_t roll(std::uint64_t sides) { return throw_one() % sides; }
    bool chance(double share) { return in_unit() < share; }
    /// Requires low <= high.
    Duration between(Duration low, Duration high) {
        return low + Duration{static_cast<std::int64_t>(
                         roll(static_cast<std::uint64_t>((high - low).count()) + 1))};
    }
    /// Of the standard normal distribution.
    double normal() {
        return std::sqrt(-2 * std::log(in_unit())) * std::cos(2 * std::numbers::pi * in_unit());
    }

private:
    std::uint64_t throw_one() { return spread(seed_ ^ ++throws_); }

    std::uint64_t seed_;
    std::uint64_t throws_ = 0;
};

} // namespace reeld::test
