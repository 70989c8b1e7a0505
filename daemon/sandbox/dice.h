/// Chance without state: every draw is a function of the seed, what it is for, and a number.
///
/// So the time that the 40th prediction takes depends on the seed and on 40, never on how many requests
/// came in between: a run can be repeated even when its client is nondeterministic. Not for secrets.
/// Threading: a value; any.
#pragma once

#include <cstdint>

namespace reeld::sandbox {

/// What a draw is for. Draws of different purposes are independent of each other.
enum class Purpose : std::uint8_t {
    id,
    time,
    ending,
    failure_word,
    output_shape,
    create,
    poll,
    list,
    cancel,
    list_lag,
    list_gap,
    lateness,
    foreign,
    webhook,
    webhook_lateness,
};

class Dice {
public:
    explicit Dice(std::uint64_t seed) : seed_(seed) {}

    /// 64 evenly distributed bits.
    [[nodiscard]] std::uint64_t bits(Purpose purpose, std::uint64_t number) const;

    /// In [0, 1).
    [[nodiscard]] double uniform(Purpose purpose, std::uint64_t number) const;

    /// Lognormal with mean 1 and standard deviation `spread`; always above zero. Requires spread >= 0.
    [[nodiscard]] double around_one(Purpose purpose, std::uint64_t number, double spread) const;

private:
    std::uint64_t seed_;
};

} // namespace reeld::sandbox
