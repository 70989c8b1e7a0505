/// `reeld run FILE…` on a state folder that a daemon holds: submit, and wait.
///
/// The files are handed to the daemon, which renders them with the account's other batches; what is shown and
/// how it ends is as in a run of its own. Ctrl-C ends the command, not the work. Threading: none.
#pragma once

#include "daemon/cli/common_options.h"
#include "daemon/cli/plan.h"
#include "daemon/cli/run_command.h"

namespace reeld {

/// Returns the exit code. Throws PlanError when that daemon is not the one that the command line asks for
/// (its provider, its output folder), and std::runtime_error when it is gone.
[[nodiscard]] int run_attached(const JournalPlace& place, const PlaceOptions& places,
                               const RunOptions& options);

} // namespace reeld
