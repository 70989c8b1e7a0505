#include "daemon/sandbox/ideal_schedule.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <queue>
#include <vector>

namespace reeld::sandbox {

Duration ideal_makespan(std::span<const Duration> durations, const ScheduleLimits& limits) {
    assert(limits.creates >= 1 && limits.concurrent >= 1 && limits.per > Duration::zero());
    const auto creates = static_cast<std::size_t>(limits.creates);
    std::vector<Duration> starts;
    starts.reserve(durations.size());
    std::priority_queue<Duration, std::vector<Duration>, std::greater<>> ends;
    Duration last_end{};
    for (const Duration duration : durations) {
        Duration start = starts.empty() ? Duration::zero() : starts.back();
        if (ends.size() == static_cast<std::size_t>(limits.concurrent)) {
            start = std::max(start, ends.top());
            ends.pop();
        }
        if (starts.size() >= creates) start = std::max(start, starts[starts.size() - creates] + limits.per);
        starts.push_back(start);
        ends.push(start + duration);
        last_end = std::max(last_end, start + duration);
    }
    return last_end;
}

} // namespace reeld::sandbox
