/// The whole at a glance: STATUS of the control API.
///
/// Its cost does not grow with the shots that are queued, only with what is shown: slots, held shots and
/// batches, each with a limit. Threading: the loop's; may throw JournalError.
#pragma once

#include "daemon/control/batch_document.h"

#include <string>
#include <vector>

namespace reeld {

/// What a daemon is, for as long as it runs.
struct AboutDaemon {
    std::string provider; ///< Its base URL, or "sandbox": whom the journal belongs to.
    std::string output;   ///< Absolute.
    std::string state;    ///< Likewise.
    WallTime started_at;
};

inline constexpr std::size_t kHeldShownMax = 100;
inline constexpr std::size_t kBatchesShownMax = 200;

/// Unfinished batches in the order in which they are served, then finished ones, newest first; at most
/// kBatchesShownMax.
[[nodiscard]] std::vector<BatchKey> batches_in_order(const Ledger& ledger);

/// STATUS as one JSON object.
[[nodiscard]] std::string status_document(const Snapshot& at, const AboutDaemon& about, BatchNotes& notes);

} // namespace reeld
