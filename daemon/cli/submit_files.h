/// Hands storyboards to a daemon: all are checked first, so that a fault in one means that none is handed
/// over.
///
/// Blocks. Threading: none.
#pragma once

#include "daemon/cli/daemon_client.h"
#include "daemon/reader/reader.h"
#include "jobs/queue/time.h"

#include <optional>
#include <string>
#include <vector>

namespace reeld {

struct Submitted {
    std::string file;
    std::string batch;         ///< The new one, or the one that has the same bytes.
    bool duplicate = false;    ///< Nothing was accepted: the batch was there.
    bool finished = false;     ///< Of a duplicate.
    WallTime accepted_at;      ///< Of a duplicate.
    bool hours_lifted = false; ///< Likewise: it waited for its hours, and starts now.
    std::int64_t shots = 0;    ///< Of a new one.
};

/// Shows each fault of each file as `reeld check` does. False: some file is faulty.
[[nodiscard]] bool check_all(const std::vector<std::string>& files, const ReadLimits& limits);

struct SubmitWishes {
    bool again = false;          ///< Accepts a duplicate as a new batch.
    std::string after{};         ///< Once more after this batch, and not if somebody else was faster.
    std::optional<int> priority; ///< Of all its shots.
    bool now = false;            ///< At any hour.
};

/// Throws PlanError with the daemon's faults, should it know more of a model than the check here, and
/// DaemonAway when it may or may not have been accepted.
[[nodiscard]] Submitted submit_file(DaemonClient& client, const std::string& file,
                                    const SubmitWishes& wishes);

/// "harbor.yaml: accepted as harbor, 3 shots" and a line's end. Precondition: it is no duplicate.
[[nodiscard]] std::string accepted_line(const Submitted& it);

} // namespace reeld
