/// --timeout and --patience, for the commands that wait for batches.
#pragma once

#include "daemon/cli/follow.h"

#include <CLI/CLI.hpp>

#include <string>

namespace reeld {

/// As they were typed.
struct FollowTimes {
    std::string timeout;          ///< Empty: none.
    std::string patience = "10m"; ///< See Follow::Options.
};

void add_follow_times(CLI::App& command, FollowTimes& times);

/// Throws PlanError when one of them is no duration.
[[nodiscard]] Follow::Options read_follow_times(const FollowTimes& times, bool quiet);

} // namespace reeld
