#include "jobs/queue/poll_agenda.h"

namespace reeld {

void PollAgenda::plan(ShotRef shot, Instant due, Duration leeway) {
    auto& entry = entries_[shot];
    if (entry.under_way) {
        --under_way_;
        entry.under_way = false;
    } else {
        take_out(shot, entry);
    }
    entry.due = due;
    entry.open = due - leeway;
    due_.emplace(entry.due, shot);
    open_.emplace(entry.open, shot);
}

void PollAgenda::take_out(ShotRef shot, const Entry& entry) {
    due_.erase({entry.due, shot});
    open_.erase({entry.open, shot});
}

void PollAgenda::bring_forward(ShotRef shot, Instant due, Duration leeway) {
    const auto& entry = entries_.at(shot);
    if (!entry.under_way && entry.failures == 0 && due < entry.due) plan(shot, due, leeway);
}

void PollAgenda::remove(ShotRef shot) {
    const auto it = entries_.find(shot);
    if (it == entries_.end()) return;
    if (it->second.under_way) --under_way_;
    take_out(shot, it->second);
    entries_.erase(it);
}

std::optional<ShotRef> PollAgenda::take_due(Instant now) {
    if (!due_.empty() && due_.begin()->first <= now) {
        if (taken_at_ != now) companions_left_ = companions_max;
        taken_at_ = now;
        return take(due_.begin()->second);
    }
    const bool one_more = taken_at_ == now && companions_left_ > 0;
    if (!one_more || open_.empty() || open_.begin()->first > now) return std::nullopt;
    --companions_left_;
    return take(open_.begin()->second);
}

ShotRef PollAgenda::take(ShotRef shot) {
    auto& entry = entries_.at(shot);
    take_out(shot, entry);
    entry.under_way = true;
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
