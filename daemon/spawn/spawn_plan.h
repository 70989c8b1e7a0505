/// What a child does between its birth and its first instruction: posix_spawn, wrapped once.
///
/// A child gets exactly the descriptors, the environment, the folder and the signals that its plan says, and
/// nothing of ours: no key, no socket, no journal. The call stands still until the program was found and
/// loaded, well below a millisecond on a local disk.
///
/// Threading: any one thread. Errors: everything throws std::system_error, which names what could not be
/// started; run() also when there is no such program. Whoever runs a plan waits for the child
/// (Loop::watch_child).
#pragma once

#include "daemon/output/fd.h"

#include <filesystem>
#include <span>
#include <spawn.h>
#include <string>
#include <sys/types.h>

namespace reeld {

class SpawnPlan {
public:
    /// `what`: the child, in messages: "the storyboard's reader".
    explicit SpawnPlan(std::string what);
    ~SpawnPlan();
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    /// The child has our `fd` as its `as`. In the order of the calls: an `fd` that is the `as` of an earlier
    /// call is that one's by then.
    void place(const Fd& fd, int as);
    /// The child has /dev/null as its `as`, for reading and writing.
    void place_nothing(int as);
    /// It has none from `first` on.
    void close_from(int first);
    /// It runs in `folder`.
    void run_in(const std::filesystem::path& folder);
    /// It leads a group of its own, of its number, which kill(-pid, …) reaches as a whole.
    void lead_group();
    /// The loop blocks signals and ignores some; the child starts as from a shell.
    void reset_signals();

    /// Starts `program`, a path, with its arguments (the first is its own name) and "NAME=value" variables.
    [[nodiscard]] pid_t run(const std::string& program, std::span<const std::string> arguments,
                            std::span<const std::string> environment);

private:
    void check(int error) const;

    std::string what_;
    short flags_ = 0;
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

} // namespace reeld
