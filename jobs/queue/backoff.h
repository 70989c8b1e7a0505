/// How long to wait before trying again.
#pragma once

#include "jobs/queue/time.h"

#include <cstdint>

namespace reeld {

/// Exponential backoff with jitter: `base`, twice that, … up to `max`, each drawn down by up to half.
///
/// The dice are an argument: the same `dice` gives the same wait, so that a replay decides as the first run
/// did.
struct Backoff {
    Duration base = std::chrono::seconds{2};
    Duration max = std::chrono::minutes{2};

    /// The wait before try number `failures` + 1. `failures` counts from 1; `dice` is any number.
    [[nodiscard]] Duration after(int failures, std::uint64_t dice) const;
};

/// Spreads close numbers (a shot's index, an attempt) into dice. SplitMix64's finaliser: public domain
/// arithmetic, not for secrets.
[[nodiscard]] std::uint64_t spread(std::uint64_t number);

} // namespace reeld
