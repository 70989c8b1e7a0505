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
    /// Enters a shot, or moves its poll; a poll under way counts as answered.
    void plan(ShotRef shot, Instant due);

    /// Moves a planned poll to an earlier instant. One under way, one due before, and one that waits because
    /// the last brought no news (the provider may have asked for that wait) stay as they are.
    void bring_forward(ShotRef shot, Instant due);

    /// Forgets a shot whose prediction has ended. Unknown ones are ignored.
    void remove(ShotRef shot);

    /// Takes the poll that is due first out of the agenda and counts it as under way, if one is due at `now`.
    [[nodiscard]] std::optional<ShotRef> take_due(Instant now);

    /// When the next planned poll is due; Instant::max() when none is planned.
    [[nodiscard]] Instant next_due() const;

    /// Counts a poll that brought no news; returns how many did in a row.
    int failed(ShotRef shot);
    /// The latest poll brought news.
    void answered(ShotRef shot);

    [[nodiscard]] int under_way() const { return under_way_; }

    /// Shots whose next poll is planned, not under way.
    [[nodiscard]] std::vector<ShotRef> planned() const;

private:
    struct Entry {
        Instant due{};
        bool under_way = false;
        int failures = 0;
    };
    std::map<ShotRef, Entry> entries_;
    std::set<std::pair<Instant, ShotRef>> due_; ///< Of the entries that are not under way.
    int under_way_ = 0;
};

} // namespace reeld
