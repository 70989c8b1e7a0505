#include "daemon/sandbox/predictions.h"

#include <cassert>

namespace reeld::sandbox {

Prediction& Predictions::add(Prediction prediction) {
    assert(all_.size() < kPredictionsMax);
    const std::size_t index = all_.size();
    Prediction& kept = all_.emplace_back(std::move(prediction));
    const bool is_new = by_id_.emplace(kept.id, index).second;
    assert(is_new);
    static_cast<void>(is_new);
    if (kept.foreign) return kept;
    live_.emplace(kept.ends, index);
    const auto [wish, is_first] = first_of_wish_.emplace(Wish{kept.model, kept.input}, index);
    if (!is_first) repeats_[wish->second].push_back(index);
    return kept;
}

Prediction* Predictions::find(std::string_view id) {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &all_[found->second];
}

std::size_t Predictions::in_flight(Instant now) {
    while (!live_.empty() && live_.begin()->first <= now) live_.erase(live_.begin());
    return live_.size();
}

void Predictions::cancel(Prediction& prediction, Instant now) {
    assert(now < prediction.ends);
    live_.erase({prediction.ends, by_id_.at(prediction.id)});
    prediction.ends = now;
    prediction.ending = Ending::cancelled;
}

std::vector<std::vector<std::string>> Predictions::identical() const {
    std::vector<std::vector<std::string>> groups;
    groups.reserve(repeats_.size());
    for (const auto& [first, others] : repeats_) {
        std::vector<std::string>& group = groups.emplace_back();
        group.push_back(all_[first].id);
        for (const std::size_t other : others) group.push_back(all_[other].id);
    }
    return groups;
}

} // namespace reeld::sandbox
