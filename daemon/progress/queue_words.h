/// What the daemon does, in one line for whoever looks at the service: `systemctl status` shows it.
#pragma once

#include "jobs/queue/ledger.h"

#include <string>

namespace reeld {

/// "2 batches: 12 of 48 shots have ended, 10 at the provider, 1 held for you: 'reeld status' says why", and
/// whether a person or the provider keeps it from creating. "nothing to render" when every batch is finished.
/// It says nothing that changes with time alone, since it is told when something happens. Costs a look at
/// each batch.
[[nodiscard]] std::string queue_words(const Ledger& ledger, Instant now);

} // namespace reeld
