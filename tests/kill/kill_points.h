/// Every point at which a run can be killed, or its disk can fail, tried one by one.
#pragma once

#include <string>

namespace reeld::test {

/// Kills a run at every call that matters, starts it again, and prints a line a kind of call: how many
/// points, how many passed. `every` N takes each N-th point only. True when all passed.
[[nodiscard]] bool try_kill_points(int threads, int every);

/// Lets every call that writes fail with `error`, "EIO" or "ENOSPC", and prints likewise.
[[nodiscard]] bool try_failures(const std::string& error, int threads, int every);

} // namespace reeld::test
