/// Which prediction is to be asked about when.
#pragma once

#include "jobs/queue/shot.h"
#include "jobs/queue/time.h"

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace reeld {

/// The polls to come. Passing state: it is not in the journal, and at start everything is due at once.
class PollAgenda {
public:
    /// Polls that come along with those that are due at one instant: all there are where ten predictions run
    /// at once, and where hundreds do, too few to make a crowd of them.
    static constexpr int companions_max = 8;

    /// Enters a shot, or moves its poll; a poll under way counts as answered. It may come up to `leeway`
    /// before it is due, when another poll is due by then: to ask about two costs hardly more than to wake
    /// up for one.
    void plan(ShotRef shot, Instant due, Duration leeway = Duration::zero());

    /// Moves a planned poll to an earlier instant. One under way, one due before, and one that waits because
    /// the last brought no news (the provider may have asked for that wait) stay as they are.
    void bring_forward(ShotRef shot, Instant due, Duration leeway = Duration::zero());

    /// Forgets a shot whose prediction has ended. Unknown ones are ignored.
    void remove(ShotRef shot);

    /// Takes the poll that is due first out of the agenda and counts it as under way, if one is due at `now`;
    /// after that, as long as `now` stays the same, up to `companions_max` that may come along.
    [[nodiscard]] std::optional<ShotRef> take_due(Instant now);

    /// When the next planned poll is due; Instant::max() when none is planned.
    [[nodiscard]] Instant next_due() const;

    /// Counts a poll that brought no news; returns how many did in a row.
    int failed(ShotRef shot);
    /// The latest poll brought news.
    void answered(ShotRef shot);

    [[nodiscard]] int under_way() const { return under_way_; }
    /// Precondition: the shot was entered.
    [[nodiscard]] bool is_under_way(ShotRef shot) const { return entries_.at(shot).under_way; }

    /// Shots whose next poll is planned, not under way.
    [[nodiscard]] std::vector<ShotRef> planned() const;

private:
    struct Entry {
        Instant due{};
        Instant open{}; ///< From when on it may come along with another.
        bool under_way = false;
        int failures = 0;
    };
    using ByInstant = std::set<std::pair<Instant, ShotRef>>;

    ShotRef take(ShotRef shot);
    void take_out(ShotRef shot, const Entry& entry);

    std::map<ShotRef, Entry> entries_;
    ByInstant due_;  ///< Of the entries that are not under way.
    ByInstant open_; ///< The same entries.
    int under_way_ = 0;
    Instant taken_at_ = Instant::min(); ///< When the latest poll that was due was taken.
    int companions_left_ = 0;           ///< That may still come along at that instant.
};

} // namespace reeld
