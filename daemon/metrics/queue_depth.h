/// How many batches and shots there are in each state, kept up to date from event to event, so that telling
/// it costs the same with a hundred shots and with a hundred thousand.
///
/// A batch counts until its manifest is written: what is finished is no depth. A pause of everything is told
/// of the account, not of each batch. Pure; remembers a few bytes
/// per batch, since a finished one may come back to life when a person has its failed shots tried again.
#pragma once

#include "jobs/queue/batch_state.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

namespace reeld {

class QueueDepth {
public:
    using ByShotState = std::array<std::int64_t, kShotStates>;

    /// Counts anew, batch by batch.
    void count_all(const Ledger& ledger);

    /// Counts one batch anew, whatever became of it. Returns how many of its shots entered (above zero) or
    /// left each state since it was counted last.
    ByShotState count(BatchKey key, const Ledger& ledger);

    /// Batches in a state; none are ever `finished`.
    [[nodiscard]] std::int64_t batches(BatchState state) const;

    /// Shots in a state, of batches in a state.
    [[nodiscard]] std::int64_t shots(BatchState batch, ShotState shot) const;

    /// The unfinished batch that was accepted first.
    [[nodiscard]] std::optional<BatchKey> oldest() const;

private:
    struct Counted {
        BatchState state = BatchState::waiting;
        std::array<std::uint32_t, kShotStates> in_state{};
    };
    void add(const Counted& counted, int sign);

    std::map<BatchKey, Counted> counted_;
    std::set<BatchKey> unfinished_;
    std::array<std::int64_t, kBatchStates> batches_{};
    std::array<ByShotState, kBatchStates> shots_{};
};

} // namespace reeld
