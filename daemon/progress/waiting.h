/// Why no create is sent just now.
#pragma once

#include "jobs/queue/ledger.h"

#include <cstdint>
#include <span>
#include <string>

namespace reeld {

enum class WaitReason : std::uint8_t {
    none,      ///< Creates are sent, or nothing is queued, or what is running uses every slot.
    suspended, ///< The account is: Account::suspension().
    paused,    ///< A person has paused these batches, or all.
    kept,      ///< Every slot is kept by a shot whose create got no answer: it may be rendering, unseen.
    window,    ///< The creates of this window are used up, and slots are free.
};

struct Waiting {
    WaitReason reason = WaitReason::none;
    std::string text; ///< A sentence without its full stop, with the time it takes; empty for `none`.
};

/// Why no shot of these batches is created at `now`. For people: no decision rests on it.
[[nodiscard]] Waiting why_waiting(const Ledger& ledger, std::span<const BatchKey> batches, Instant now);

} // namespace reeld
