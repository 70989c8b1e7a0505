/// Shots that wait for an instant each.
#pragma once

#include "jobs/queue/shot.h"
#include "jobs/queue/time.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

namespace reeld {

/// A shot is in at most once, so that whoever gives it another instant, or takes it out, need not know the
/// one it had. Every operation costs the logarithm of the number of shots.
class Deadlines {
public:
    /// Enters a shot, or moves it.
    void set(ShotRef shot, Instant due);

    /// Gives every shot that is in this instant, if its own is earlier.
    void postpone(Instant due);

    /// One that is not in is ignored.
    void remove(ShotRef shot);

    [[nodiscard]] bool contains(ShotRef shot) const { return by_shot_.contains(shot); }

    /// When the shot is due, if it is in.
    [[nodiscard]] std::optional<Instant> due_of(ShotRef shot) const {
        const auto found = by_shot_.find(shot);
        return found == by_shot_.end() ? std::nullopt : std::optional{found->second};
    }

    /// The shot that is due first, if it is due at `now`. It stays in.
    [[nodiscard]] std::optional<ShotRef> due(Instant now) const;

    /// When due() will have a shot; Instant::max() when there is none.
    [[nodiscard]] Instant next_due() const;

private:
    std::map<ShotRef, Instant> by_shot_;
    std::set<std::pair<Instant, ShotRef>> by_instant_; ///< The same, the other way round.
};

} // namespace reeld
