/// Reads the journal back, as the list of facts that the ledger lives by.
#pragma once

#include "daemon/journal/batch_table.h"
#include "daemon/journal/event_table.h"

#include <functional>

namespace reeld {

/// Hands every event to `apply`, oldest first, BatchAccepted with all its facts.
///
/// What the ledger takes for granted is checked here, where the file is at fault: instants do not go back,
/// a batch is accepted once and before anything is said of it, and has the shots that are spoken of. Throws
/// StorageError, naming the event, when it does not hold.
void replay_events(EventTable& events, BatchTable& batches, const std::function<void(const Event&)>& apply);

} // namespace reeld
