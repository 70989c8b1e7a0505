/// Which event may follow what happened so far: the transitions of a shot's life, written down once.
#pragma once

#include "jobs/queue/event.h"

#include <string>

namespace reeld {

class Ledger;

/// Why `event` cannot happen after the events that `ledger` has applied, in words for a bug report, or an
/// empty string when it can. Checks the order of time, that batches and shots exist, and that the shot's
/// state allows the event.
[[nodiscard]] std::string illegality(const Ledger& ledger, const Event& event);

} // namespace reeld
