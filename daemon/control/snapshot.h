/// The state of everything at one instant, for documents: references and the time, nothing of its own.
///
/// Threading: the loop's. Valid within the callback that made it.
#pragma once

#include "daemon/app/app.h"

namespace reeld {

struct Snapshot {
    explicit Snapshot(App& app)
        : queue(app.queue()), ledger(app.queue().ledger()), journal(app.journal()), now(app.loop().now()),
          stalled(app.stalled()) {}

    const Queue& queue;
    const Ledger& ledger;
    const Journal& journal;
    Stamp now;
    bool stalled; ///< The journal cannot be written: nothing is sent until it can.

    /// The calendar's time of an instant of our timeline, by the calendar as it is now.
    [[nodiscard]] WallTime wall_at(Instant at) const { return now.wall + (at - now.at); }
};

} // namespace reeld
