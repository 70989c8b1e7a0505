#include "jobs/queue/deadlines.h"

#include <algorithm>

namespace reeld {

void Deadlines::set(ShotRef shot, Instant due) {
    remove(shot);
    by_shot_.emplace(shot, due);
    by_instant_.emplace(due, shot);
}

void Deadlines::postpone(Instant due) {
    by_instant_.clear();
    for (auto& [shot, own] : by_shot_) {
        own = std::max(own, due);
        by_instant_.emplace(own, shot);
    }
}

void Deadlines::remove(ShotRef shot) {
    const auto it = by_shot_.find(shot);
    if (it == by_shot_.end()) return;
    by_instant_.erase({it->second, shot});
    by_shot_.erase(it);
}

std::optional<ShotRef> Deadlines::due(Instant now) const {
    if (by_instant_.empty() || by_instant_.begin()->first > now) return std::nullopt;
    return by_instant_.begin()->second;
}

Instant Deadlines::next_due() const {
    return by_instant_.empty() ? Instant::max() : by_instant_.begin()->first;
}

} // namespace reeld
