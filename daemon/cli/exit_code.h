/// What a command's end means to the script that called it. Part of the product's interface.
#pragma once

namespace reeld {

enum class ExitCode : int {
    succeeded = 0,
    some_failed = 1,   ///< Some shot failed, was cancelled, or is held.
    wrong = 2,         ///< The command line, the configuration or a storyboard is wrong; nothing was sent.
    suspended = 3,     ///< The account is suspended: key or balance.
    unavailable = 4,   ///< The state folder is in use, it or the output folder cannot be written, or the
                       ///< daemon cannot be reached.
    interrupted = 130, ///< To be continued by the same command; after nightly, by wait.
};

[[nodiscard]] constexpr int to_int(ExitCode code) {
    return static_cast<int>(code);
}

} // namespace reeld
