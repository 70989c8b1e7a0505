/// Queues with creates in doubt, and what looks at the list show them.
///
/// All of them begin at kStart, where the creates were sent and lost; the provider's clock is the tests' wall
/// clock.
#pragma once

#include "tests/jobs/queue/driven_queue.h"

#include <string>
#include <utility>
#include <vector>

namespace reeld::test {

/// Where kShot is in doubt: another one with the same input where a sighting says so.
inline constexpr ShotRef kTwin{.batch = 1, .index = 1};

/// A queue whose first `lost` shots are in doubt since now.
[[nodiscard]] inline DrivenQueue in_doubt(std::size_t lost = 1, int http_status = 0,
                                          bool retry_unresolved = false) {
    Scheduler::Options options;
    options.settling.retry_unresolved = retry_unresolved;
    DrivenQueue queue{{}, options};
    queue.accept(1, shots(lost));
    queue.creates();
    for (std::uint32_t i = 0; i < lost; ++i) queue.lost({1, i}, http_status);
    return queue;
}

/// A shot that was sent 10 s after kShot.
inline constexpr ShotRef kLater{.batch = 2, .index = 0};

/// A queue with kShot and kLater in doubt.
[[nodiscard]] inline DrivenQueue in_doubt_one_after_the_other() {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.creates();
    queue.now += 10s;
    queue.accept(2, shots(1));
    queue.creates();
    queue.lost(kShot);
    queue.lost(kLater);
    return queue;
}

/// An execution created `after` the queue's first create was sent.
[[nodiscard]] inline Sighting sighting(Duration after, std::vector<ShotRef> equals,
                                       const std::string& prediction = "found") {
    return {
        .prediction = prediction, .created_at = stamp_at(kStart).wall + after, .equals = std::move(equals)};
}

/// Lets every look show the same until none is due within `settle` any more.
inline void look_until_settled(DrivenQueue& queue, const std::vector<Sighting>& sightings) {
    while (queue.now <= kStart + 2min && queue.state(kShot) == ShotState::in_doubt) {
        if (!queue.looks().empty()) queue.looked(sightings);
        static_cast<void>(queue.looks());
        if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
    }
}

/// Lets every look show the same for as long as the shot is in doubt.
inline void look_while_in_doubt(DrivenQueue& queue, ShotRef shot, const std::vector<Sighting>& sightings) {
    while (queue.state(shot) == ShotState::in_doubt) {
        if (!queue.looks().empty()) queue.looked(sightings);
        static_cast<void>(queue.looks());
        if (queue.state(shot) == ShotState::in_doubt) queue.now = queue.idle_until();
    }
}

} // namespace reeld::test
