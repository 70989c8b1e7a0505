/// A night of twelve shots that something befalls: it is killed, or its disk fails, at one chosen call of the
/// kernel. Afterwards it is started again until it is done, and what came out is compared with a night that
/// nothing befell.
///
/// strace does the injuring: the call is not carried out. What happens right after call N, performed and not
/// seen, is what happens before the next call that anything outside can notice; so killing at the entry of
/// all such calls covers both.
///
/// The provider is a `reeld sandbox` that lives on, as a process of its own. Needs strace. Runs in any
/// thread.
#pragma once

#include "tests/support/night.h"

#include <map>
#include <set>
#include <string>

namespace reeld::test {

/// What strace does to one call of the program: "signal=SIGKILL", or "error=EIO".
struct Injection {
    std::string what;
    std::string call; ///< "pwrite64"
    int number = 1;   ///< The how manieth of that name, from 1.

    [[nodiscard]] bool kills() const { return what.starts_with("signal="); }
};

struct Aftermath {
    bool reached = false; ///< The program made so many calls of that name.
    std::string fault;    ///< What is wrong with what came out; empty: nothing.
};

/// Calls that the outside can notice, files, sockets and descriptors, and the one in which the program waits.
/// Memory, clocks, identities and SQLite's locks leave nothing behind.
[[nodiscard]] const std::set<std::string>& calls_that_matter();

/// Those that write: to the journal, to the output, to sockets.
[[nodiscard]] const std::set<std::string>& calls_that_write();

/// How often a night that nothing befalls makes each of `calls`. Of the program alone: the processes that it
/// starts to read storyboards hold nothing that could be lost.
[[nodiscard]] std::map<std::string, int> count_calls(const std::set<std::string>& calls);

/// One night, injured so, and all starts until it is done.
[[nodiscard]] Aftermath injure(const Injection& injection);

/// A sandbox and a configuration for nights that renders and settles in a fraction of a second.
class HastyNight : public Night {
public:
    HastyNight();
};

/// What is wrong with the batch's folder, or an empty string: every shot succeeded, in manifest.json and in
/// one line each of manifest.jsonl, with the input that it was given, and nothing else lies there.
[[nodiscard]] std::string fault_in_output(const Night& night, const std::string& batch,
                                          const std::string& storyboard, int shots);

/// What is wrong with what the provider saw, or an empty string: `shots` creates, each with an input of its
/// own.
[[nodiscard]] std::string fault_in_creates(Night& night, int shots);

} // namespace reeld::test
