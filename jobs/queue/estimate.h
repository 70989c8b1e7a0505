/// How long the work that is queued will take.
#pragma once

#include "jobs/queue/ledger.h"

#include <optional>
#include <span>

namespace reeld {

/// The time from `now` until the batches' last shot is expected to be final, by the durations believed and
/// both limits, as if nothing else were queued; nothing when all are final or wait for a person. An estimate
/// for people: no decision rests on it.
[[nodiscard]] std::optional<Duration> estimate_remaining(const Ledger& ledger,
                                                         std::span<const BatchKey> batches, Instant now);

} // namespace reeld
