/// When the batches that are queued will be done: a range for each, for people.
#pragma once

#include "jobs/queue/ledger.h"
#include "jobs/queue/open_hours.h"

#include <map>

namespace reeld {

/// The batch is expected to be done in nineteen nights of twenty no earlier and no later than this.
struct Forecast {
    Instant earliest{};
    Instant latest{};
};

/// For every unfinished batch that will be done by itself, by the durations believed, what is known of how
/// well they are known, both limits, and what stands before it. Not for one that is paused, nor while all is;
/// shots that are held are left out. No decision rests on it.
///
/// It draws some dozens of nights, always with the same dice, so that it changes only with what is known.
/// What it takes grows with the number of queued shots up to some thousands, which is some milliseconds;
/// beyond, several shots are drawn as one. Batches whose hours have not come are counted after the others. It
/// knows nothing of failures to come: what fails is rendered after it says so.
[[nodiscard]] std::map<BatchKey, Forecast> forecast(const Ledger& ledger, Instant now,
                                                    const OpenHours& hours = {});

} // namespace reeld
