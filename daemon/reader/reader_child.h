/// Starts and ends the process that reads a storyboard.
#pragma once

#include "daemon/output/fd.h"

#include <string>
#include <sys/types.h>

namespace reeld {

/// The descriptors of the child, beside standard input (the request) and standard output (the answers).
inline constexpr int kFileFd = 3;
inline constexpr int kCopyFd = 4;

/// How the child says, when it cannot say more, why it ended.
enum class ChildExit : int {
    good = 0,
    bad_request = 10,   ///< Nobody but a StoryboardReader may start it.
    no_memory = 11,     ///< The limit on memory was reached.
    cannot_answer = 12, ///< The pipe to the parent broke.
};

/// A running child. Its pipes are non-blocking on this side and not inherited by other children.
class ReaderChild {
public:
    /// Runs `program read-storyboard` with `file` and `copy` (-1: none) as its descriptors 3 and 4, no
    /// others beside its pipes, no environment and no blocked signals. Throws std::system_error.
    ReaderChild(const std::string& program, int file, int copy);

    /// Kills the child, unless has_ended() was called, and waits for that, which takes no time worth the
    /// name.
    ~ReaderChild();
    ReaderChild(const ReaderChild&) = delete;
    ReaderChild& operator=(const ReaderChild&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Sends SIGKILL; the child is still to be waited for.
    void kill() const;
    /// Somebody else has waited for the child: its id may belong to another process by now.
    void has_ended() { ended_ = true; }

    Fd request; ///< To write the request to; close it when it is written.
    Fd answers; ///< To read frames from.

private:
    pid_t pid_ = -1;
    bool ended_ = false;
};

} // namespace reeld
