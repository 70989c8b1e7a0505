/// What a program that must end with a journal that cannot be written has to tell its operator.
#pragma once

#include "daemon/journal/journal.h"
#include "jobs/queue/action.h"
#include "jobs/queue/ledger.h"

#include <span>
#include <string>

namespace reeld {

/// Names each create that was sent and whose answer the journal does not hold, with what is known of it (its
/// prediction, above all): to the next start it is in doubt, and may have been paid for. `unsent` are
/// decisions that were not performed. One sentence or more; it says so when there is no such create.
[[nodiscard]] std::string tell_unrecorded(const Journal& journal, const Ledger& ledger,
                                          std::span<const Action> unsent);

/// Names the creates among `unsent`. After a sync that failed, the next start may find them in doubt,
/// although nothing was sent. Empty when there are none.
[[nodiscard]] std::string tell_unsent(const Journal& journal, const Ledger& ledger,
                                      std::span<const Action> unsent);

} // namespace reeld
