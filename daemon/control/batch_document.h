/// A batch as the control API shows it.
///
/// Counts and costs are kept by the ledger, so a batch of 100,000 shots costs no more than one of five.
/// Threading: the loop's; may throw JournalError.
#pragma once

#include "daemon/control/json_output.h"
#include "daemon/control/snapshot.h"
#include "jobs/queue/forecast.h"
#include "jobs/queue/queue.h"

#include <map>
#include <optional>
#include <string>

namespace reeld {

/// What is asked of batches every second and changes rarely: their rows in the journal, and when they will be
/// done.
class BatchNotes {
public:
    /// The batch's row. Valid until the next call of note().
    [[nodiscard]] const BatchRow& row(const Journal& journal, BatchKey key);

    /// When an unfinished batch will be done, as it was forecast at most a second ago.
    [[nodiscard]] std::optional<Forecast> forecast(const Queue& queue, BatchKey key, Instant now);

    /// The end of a batch changes its row; whatever happens makes forecasts old.
    void note(const Event& event);

private:
    std::map<BatchKey, BatchRow> rows_;
    std::map<BatchKey, Forecast> forecasts_;
    std::optional<Instant> forecast_at_;
};

/// "waiting", "running", "paused" or "finished".
[[nodiscard]] std::string_view state_of_batch(const Ledger& ledger, BatchKey key);

/// Writes the members of BATCH into an object that the caller has opened: {"batch", "state", "status",
/// "priority", "paused", "hours", "counts", "accepted_at", "finished_at", "folder", "cost", "waits", "eta"}.
void add_batch_members(Json& json, const Snapshot& at, BatchNotes& notes, BatchKey key);

} // namespace reeld
