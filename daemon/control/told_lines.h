/// The last sentences that the daemon told of the queue, numbered: what a `run` that is attached to a daemon
/// shows, as if it were its own.
///
/// Bounded; a reader that comes late misses the oldest. Pure.
#pragma once

#include "daemon/app/narration.h"

#include <cstdint>
#include <deque>
#include <string>

namespace reeld {

class ToldLines {
public:
    static constexpr std::size_t lines_max = 4096;
    /// In one answer.
    static constexpr std::size_t page_max = 512;

    /// Takes note of what was said. Call it once the event is durable.
    void add(const Told& told);

    /// `{"next": M, "lines": [{"weight", "event", "text", "batch"}]}`: the lines from number `from` on, at
    /// most page_max of them, and the number to go on with.
    [[nodiscard]] std::string since(std::uint64_t from) const;

private:
    std::deque<Told> lines_;
    std::uint64_t first_ = 0; ///< The number of the oldest line that is kept.
};

} // namespace reeld
