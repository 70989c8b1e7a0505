#include "jobs/queue/poll_agenda.h"

namespace reeld {

void PollAgenda::plan(ShotRef shot, Instant due) {
    auto& entry = entries_[shot];
    if (entry.under_way) {
        --under_way_;
        entry.under_way = false;
    } else {
        due_.erase({entry.due, shot});
    }
    entry.due = due;
    due_.emplace(due, shot);
}

void PollAgenda::bring_forward(ShotRef shot, Instant due) {
    const auto& entry = entries_.at(shot);
    if (!entry.under_way && entry.failures == 0 && due < entry.due) plan(shot, due);
}

void PollAgenda::remove(ShotRef shot) {
    const auto it = entries_.find(shot);
    if (it == entries_.end()) return;
    if (it->second.under_way) --under_way_;
    due_.erase({it->second.due, shot});
    entries_.erase(it);
}

std::optional<ShotRef> PollAgenda::take_due(Instant now) {
    if (due_.empty() || due_.begin()->first > now) return std::nullopt;
    const ShotRef shot = due_.begin()->second;
    due_.erase(due_.begin());
    entries_.at(shot).under_way = true;
    ++under_way_;
    return shot;
}

Instant PollAgenda::next_due() const {
    return due_.empty() ? Instant::max() : due_.begin()->first;
}

int PollAgenda::failed(ShotRef shot) {
    return ++entries_.at(shot).failures;
}

void PollAgenda::answered(ShotRef shot) {
    entries_.at(shot).failures = 0;
}

std::vector<ShotRef> PollAgenda::planned() const {
    std::vector<ShotRef> shots;
    shots.reserve(due_.size());
    for (const auto& [due, shot] : due_) shots.push_back(shot);
    return shots;
}

} // namespace reeld
