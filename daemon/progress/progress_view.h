/// The numbers of a run, out of the ledger.
#pragma once

#include "daemon/journal/journal.h"
#include "daemon/progress/progress_text.h"
#include "jobs/queue/ledger.h"

#include <span>

namespace reeld {

/// `lines_max`: shots beyond it are counted and not named, since names are looked up in the journal.
/// `elapsed` is left to the caller.
[[nodiscard]] ProgressView progress_view(const Ledger& ledger, const Journal& journal,
                                         std::span<const BatchKey> batches, std::size_t lines_max,
                                         Instant now);

} // namespace reeld
