/// Why a shot waits, as the control API says it: a kind for programs, a sentence for people.
///
/// Threading: the loop's; may throw JournalError.
#pragma once

#include "daemon/control/json_output.h"
#include "daemon/control/snapshot.h"

namespace reeld {

/// Writes the member "why": {"kind", "text", "until", "batch"}; the last two where they are known. The kinds
/// are those of Why (jobs/queue/why.h), and "final".
void add_why_member(Json& json, const Snapshot& at, ShotRef shot);

} // namespace reeld
