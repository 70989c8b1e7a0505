/// Measures what the limiter must never do: to let a create wait that nothing forbids.
///
/// A create is *possible* while a shot is ready, a token and a slot are free, and nothing suspends or pauses
/// it. The queue knows from when on that is so (Queue::creates_from), and it stays so until an event changes
/// it; so the time between two events during which a create was possible and none was decided is known
/// exactly, a timer that came late and a turn that took long included. A journal that stalls counts too: then
/// nothing is sent that could be.
///
/// Each create ends a wait of some hundred microseconds, the loop's own; that is no idling. A wait of more
/// than reaction_max is, from its beginning on. Pure: instants are arguments, and they do not go back.
#pragma once

#include "jobs/queue/time.h"

#include <optional>

namespace reeld {

class LimiterWatch {
public:
    /// As long may the loop take from an event to what follows from it.
    static constexpr Duration reaction_max = std::chrono::milliseconds{50};

    /// Something has changed at `now`. From `possible_from` on a create is possible, should nothing change
    /// again; Instant::max(): never. `created`: the change was a create. Returns how long that one was
    /// possible before it was decided; nothing for other changes.
    std::optional<Duration> changed(Instant now, Instant possible_from, bool created);

    /// How long creates were possible and not made, in all, waits of reaction_max and less left out. Never
    /// falls.
    [[nodiscard]] Duration idled(Instant now) const { return idled_ + counted(waited(now)); }

private:
    [[nodiscard]] static Duration counted(Duration wait) {
        return wait > reaction_max ? wait : Duration::zero();
    }
    [[nodiscard]] Duration waited(Instant now) const {
        return now > possible_from_ ? now - possible_from_ : Duration::zero();
    }

    Instant possible_from_ = Instant::max();
    Duration idled_{};
};

} // namespace reeld
