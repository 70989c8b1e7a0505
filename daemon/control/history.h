/// What the account did minute by minute, over the last hours: for a small chart.
///
/// Counted from events, those that a start replays included, so that a restart leaves no gap but its own.
/// Fixed in size. Threading: none. Times are the calendar's, since people read them.
#pragma once

#include "jobs/queue/ledger.h"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace reeld {

class History {
public:
    static constexpr std::chrono::seconds step{60};
    static constexpr std::size_t points_max = 720; ///< Twelve hours.

    struct Point {
        WallTime at;                 ///< The minute's beginning.
        std::uint32_t creates = 0;   ///< That were intended in it.
        std::uint32_t in_flight = 0; ///< Shots at the provider, or perhaps, at most in it.
        std::uint32_t failed = 0;    ///< Predictions that failed, and creates that were refused.
        std::uint32_t left = 0;      ///< In flight at its end.
    };

    /// Takes note of an event that `ledger` has just applied.
    void note(const Ledger& ledger, const Event& event);

    /// Oldest first, without gaps, up to the minute of `now`.
    [[nodiscard]] std::deque<Point> until(WallTime now) const;

private:
    std::deque<Point> points_; ///< Minutes in which something happened.
};

} // namespace reeld
