/// What exactly a shot waits for: numbers, no sentences.
#pragma once

#include "jobs/queue/queue.h"

#include <optional>

namespace reeld {

struct Why {
    enum class Kind : std::uint8_t {
        token,         ///< All creates of the window are used.
        slot,          ///< As many predictions run as may.
        answer,        ///< Another create is to be answered first: they go one at a time for now.
        earlier_batch, ///< Another batch's shots are served before.
        earlier_shot,  ///< Its own batch's are.
        suspended,     ///< The account is; see Account::suspension().
        backoff,       ///< Its last attempt failed, and the next one waits.
        settling,      ///< Its create was lost and is looked for.
        held,          ///< A person is to say what became of its create.
        paused,        ///< All creates are, by a person.
        batch_paused,  ///< Its batch is.
        hours,         ///< Its batch's hours have not come.
        not_wanted,    ///< This run creates for other batches only, or is about to end.
        rendering,     ///< It renders.
        given_up,      ///< It renders for longer than polling.give_up and was cancelled; its end is awaited.
        creating,      ///< Its create is under way.
        nothing,       ///< It is final.
    };
    Kind kind = Kind::nothing;
    /// When that is expected to end; of what renders, its own end. Nothing when nobody knows.
    std::optional<Instant> until;
    std::optional<BatchKey> batch; ///< Which one, for earlier_batch.
};

/// Precondition: the shot is in the ledger. Costs no more than a look or two into the run order.
[[nodiscard]] Why why_waits(const Queue& queue, ShotRef shot, Instant now);

/// When the first of the predictions that hold slots is expected to give one back; Instant::max() when none
/// does by itself. What is late is expected within a tenth of its usual time.
[[nodiscard]] Instant next_slot_at(const Ledger& ledger, Instant now);

/// When a shot that renders is expected to be done.
[[nodiscard]] Instant expected_end(const Ledger& ledger, ShotRef shot, Instant now);

} // namespace reeld
