#include "jobs/queue/run_order.h"

#include <cassert>
#include <iterator>

namespace reeld {

std::uint64_t RunOrder::last_served(BatchKey batch) const {
    const auto it = last_served_.find(batch);
    return it == last_served_.end() ? 0 : it->second;
}

void RunOrder::add(ShotRef shot, int priority) {
    auto& level = levels_[priority];
    auto& shots = level.shots[shot.batch];
    if (shots.empty()) level.turns.emplace(last_served(shot.batch), shot.batch);
    [[maybe_unused]] const auto before = shots.size();
    shots.insert(shots.end(), shot.index); // Storyboard order makes the end the right hint.
    assert(shots.size() == before + 1);
}

void RunOrder::remove(ShotRef shot, int priority) {
    const auto level = levels_.find(priority);
    if (level == levels_.end()) return;
    const auto shots = level->second.shots.find(shot.batch);
    if (shots == level->second.shots.end() || shots->second.erase(shot.index) == 0) return;
    if (!shots->second.empty()) return;
    level->second.turns.erase({last_served(shot.batch), shot.batch});
    level->second.shots.erase(shots);
    if (level->second.shots.empty()) levels_.erase(level);
}

void RunOrder::remove(BatchKey batch) {
    for (auto level = levels_.begin(); level != levels_.end();) {
        level->second.turns.erase({last_served(batch), batch});
        level->second.shots.erase(batch);
        level = level->second.shots.empty() ? levels_.erase(level) : std::next(level);
    }
}

void RunOrder::served(BatchKey batch) {
    const auto before = last_served(batch);
    last_served_[batch] = ++intents_;
    for (auto& [priority, level] : levels_) {
        if (level.turns.erase({before, batch}) > 0) level.turns.emplace(intents_, batch);
    }
}

std::optional<ShotRef> RunOrder::next() const {
    if (levels_.empty()) return std::nullopt;
    const auto& level = levels_.begin()->second;
    const BatchKey batch = level.turns.begin()->second;
    return ShotRef{.batch = batch, .index = *level.shots.at(batch).begin()};
}

} // namespace reeld
