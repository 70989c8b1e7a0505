/// Which queued shot is next: higher priority first; between batches of one priority, the batch served least
/// recently; within a batch, storyboard order. A batch of five dropped beside a batch of five thousand is not
/// behind it.
#pragma once

#include "jobs/queue/shot.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace reeld {

/// The shots that are ready to be created, in the order in which they are to be.
class RunOrder {
public:
    /// Requires that the shot is not in already.
    void add(ShotRef shot, int priority);

    /// Removes a shot; one that is not in is ignored.
    void remove(ShotRef shot, int priority);

    /// Removes all shots of a batch.
    void remove(BatchKey batch);

    /// A create of this batch was intended: its turn comes after that of its peers.
    void served(BatchKey batch);

    /// The next shot, or nothing when none is ready.
    [[nodiscard]] std::optional<ShotRef> next() const;

    [[nodiscard]] bool empty() const { return levels_.empty(); }

private:
    /// The ready shots of one priority: by batch, and the batches by when they were last served.
    struct Level {
        std::map<BatchKey, std::set<std::uint32_t>> shots;
        std::set<std::pair<std::uint64_t, BatchKey>> turns;
    };
    [[nodiscard]] std::uint64_t last_served(BatchKey batch) const;

    std::map<int, Level, std::greater<>> levels_;   ///< Highest priority first; none is empty.
    std::map<BatchKey, std::uint64_t> last_served_; ///< By a count of intents; absent: never.
    std::uint64_t intents_ = 0;
};

} // namespace reeld
