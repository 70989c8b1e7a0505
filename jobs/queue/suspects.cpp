#include "jobs/queue/suspects.h"

#include <fmt/format.h>

#include <algorithm>

namespace reeld {

void Suspects::note(ShotRef doubt, WallTime possible, const event::ListLooked& look) {
    std::erase_if(created_at_, [&](const auto& it) { return it.second < possible; });
    for (const auto& prediction : look.ours) forget(prediction);
    for (const auto& it : look.sightings) {
        const bool equals = std::find(it.equals.begin(), it.equals.end(), doubt) != it.equals.end();
        const bool may_be = equals || (it.equals.empty() && !look.inputs_are_told);
        forget(it.prediction);
        if (may_be && it.created_at >= possible) created_at_.emplace(it.prediction, it.created_at);
    }
    for (const auto& it : look.unread) {
        if (it.created_at >= possible) created_at_.insert_or_assign(it.prediction, it.created_at);
    }
}

std::string Suspects::reason() const {
    const auto& [prediction, created_at] =
        *std::min_element(created_at_.begin(), created_at_.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; });
    if (created_at_.size() == 1) {
        return fmt::format("prediction {} was created at about that time or later, and whether it is this "
                           "shot's cannot be told",
                           prediction);
    }
    return fmt::format(
        "prediction {} and {} more were created at about that time or later, and whether one of "
        "them is this shot's cannot be told",
        prediction, created_at_.size() - 1);
}

} // namespace reeld
