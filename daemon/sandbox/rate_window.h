/// The provider's side of the rate limit: how many creates it has accepted in the last `per`.
///
/// Counts on arrival, by the sandbox's own clock. Shares nothing with the client's token bucket on purpose:
/// a mistake in one must not be repeated in the other.
/// Threading: a value; one thread at a time.
#pragma once

#include "jobs/queue/time.h"

#include <deque>

namespace reeld::sandbox {

/// A window is half open: a create at 0 s and one at `per` are never in the same window.
class RateWindow {
public:
    /// Requires creates >= 1 and per > 0.
    RateWindow(int creates, Duration per);

    /// Whether one more create may be accepted at `now`. Instants may repeat but not go back.
    [[nodiscard]] bool has_room(Instant now);

    /// Counts a create. One that is counted without room (read back from a state file) fills the window.
    void count(Instant now);

    /// The first instant, not before `now`, with room.
    [[nodiscard]] Instant room_at(Instant now);

    /// The most creates counted in any window so far.
    [[nodiscard]] int most() const { return most_; }

private:
    void forget_before(Instant now);

    int creates_;
    Duration per_;
    std::deque<Instant> counted_; ///< Those of the last `per_`, oldest first.
    int most_ = 0;
};

} // namespace reeld::sandbox
