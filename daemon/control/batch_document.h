/// A batch as the control API shows it.
///
/// Counts and costs are kept by the ledger, so a batch of 100,000 shots costs no more than one of five.
/// Threading: the loop's; may throw JournalError.
#pragma once

#include "daemon/control/json_output.h"
#include "daemon/control/snapshot.h"

#include <map>
#include <string>

namespace reeld {

/// What the journal's rows say of batches, read once each: folders and ends are asked for every second.
class BatchRows {
public:
    /// The batch's row. Valid until the next call of note().
    [[nodiscard]] const BatchRow& of(const Journal& journal, BatchKey key);

    /// The end of a batch changes its row.
    void note(const Event& event);

private:
    std::map<BatchKey, BatchRow> rows_;
};

/// "waiting", "running", "paused" or "finished".
[[nodiscard]] std::string_view state_of_batch(const Ledger& ledger, BatchKey key);

/// Writes the members of BATCH into an object that the caller has opened: {"batch", "state", "status",
/// "priority", "paused", "counts", "accepted_at", "finished_at", "folder", "cost", "waits", "eta"}.
void add_batch_members(Json& json, const Snapshot& at, BatchRows& rows, BatchKey key);

} // namespace reeld
