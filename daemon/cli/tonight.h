/// Hands the storyboards of a night to a daemon that may be away, or busy, for a while: an upgrade or its
/// watchdog starts it anew, or its output folder is full.
///
/// Each file is accepted once in a night, also when the answer to that is lost: a batch of the same bytes
/// that is unfinished, or was accepted since the night began, is the one that was wanted.
#pragma once

#include "daemon/cli/daemon_client.h"
#include "daemon/cli/follow.h"

#include <cstddef>
#include <string>
#include <vector>

namespace reeld {

struct Tonight {
    std::vector<std::string> batches; ///< Each once.
    std::size_t refused = 0;          ///< Files that are not rendered; each was named with the cause.
    std::string away;                 ///< Why some were left in the end; empty: none was.
    bool interrupted = false;         ///< The loop was told to exit, or the timeout has passed.
};

/// Returns when all files are accepted or refused, when the daemon has taken none for the time of
/// `times.patience`, or when it is interrupted. Prints what becomes of each file.
[[nodiscard]] Tonight submit_for_tonight(DaemonClient& client, const std::vector<std::string>& files,
                                         const Follow::Options& times);

} // namespace reeld
