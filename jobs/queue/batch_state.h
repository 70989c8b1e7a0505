/// Where a batch stands, as users see it: in documents, on the page, and in what Prometheus is told.
#pragma once

#include "jobs/queue/ledger.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace reeld {

enum class BatchState : std::uint8_t {
    waiting,  ///< Nothing of it is at the provider just now: its shots wait, for their turn or for a person.
    running,  ///< Something is, or may be.
    paused,   ///< By a person.
    finished, ///< Its manifest is written.
};

inline constexpr std::size_t kBatchStates = 4;

/// `paused`: whether a person has paused it. Whether a pause of everything counts is the caller's to say.
[[nodiscard]] BatchState batch_state(const BatchRecord& batch, bool paused);

/// "waiting", as keys, values and labels have it.
[[nodiscard]] std::string_view to_word(BatchState state);

} // namespace reeld
