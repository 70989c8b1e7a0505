/// How a run ended: for a person, and for a program.
#pragma once

#include "daemon/journal/journal.h"
#include "jobs/queue/ledger.h"

#include <span>
#include <string>

namespace reeld {

struct RunSummary {
    std::string text; ///< Lines for standard error: per batch its counts and where its manifest is, then held
                      ///< shots and why.
    std::string json; ///< `{"batches": [{"batch", "folder", "status", "counts", "manifest", "held": […]}],
                      ///< "suspended": …}`
};

/// `command`: the command line that goes on with these batches, for the line that tells how to release a held
/// shot.
[[nodiscard]] RunSummary summarize_run(const Ledger& ledger, const Journal& journal,
                                       std::span<const BatchKey> batches, Instant now,
                                       const std::string& command);

} // namespace reeld
