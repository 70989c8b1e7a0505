/// The faults of a storyboard as JSON: `reeld check --json` and a submission that is refused say the same.
///
/// Pure.
#pragma once

#include "daemon/control/json_output.h"
#include "jobs/storyboard/fault.h"

#include <vector>

namespace reeld {

/// Writes the member "faults": [{"severity", "line", "column", "message"}].
void add_faults(Json& json, const std::vector<Fault>& faults);

} // namespace reeld
