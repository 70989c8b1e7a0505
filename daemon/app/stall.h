/// The time during which the journal cannot be written: what was said of it, and when it is tried again.
///
/// Threading: the loop's.
#pragma once

#include "daemon/loop/loop.h"

#include <functional>
#include <string>

namespace reeld {

class Stall {
public:
    /// `retry` runs when it is time for another commit.
    Stall(Loop& loop, std::function<void()> retry);

    /// A commit failed: plans the next one, after a second at first, later every few. Returns whether the
    /// operator has to be told: it is the first, or it failed for another reason than the one before.
    [[nodiscard]] bool failed(const std::string& why);

    /// A commit succeeded. Returns whether there was a stall, which is over now.
    [[nodiscard]] bool succeeded();

    /// Makes the next commit due right away.
    void hurry();

    /// The last commit failed.
    [[nodiscard]] bool on() const { return !why_.empty(); }

    /// It is not yet time for another one.
    [[nodiscard]] bool waiting() const { return waiting_; }

private:
    LoopTimer timer_;
    Duration wait_;
    std::string why_; ///< Why the last commit failed; empty when it succeeded.
    bool waiting_ = false;
};

} // namespace reeld
