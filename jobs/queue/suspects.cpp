#include "jobs/queue/suspects.h"

#include <fmt/format.h>

#include <algorithm>

namespace reeld {

namespace {

/// One wrong `Date` must not rule a suspect out.
constexpr int kTooOldMin = 2;

} // namespace

void Suspects::note(ShotRef doubt, WallTime possible, const event::ListLooked& look) {
    for (auto& [prediction, seen] : seen_) seen.too_old = seen.created_at < possible ? seen.too_old + 1 : 0;
    std::erase_if(seen_, [](const auto& it) { return it.second.too_old >= kTooOldMin; });
    for (const auto& prediction : look.ours) forget(prediction);
    for (const auto& it : look.sightings) {
        const bool equals = std::find(it.equals.begin(), it.equals.end(), doubt) != it.equals.end();
        const bool may_be = equals || (it.equals.empty() && !look.inputs_are_told);
        const auto known = seen_.find(it.prediction);
        if (!may_be) {
            forget(it.prediction);
        } else if (known == seen_.end() && it.created_at >= possible) {
            seen_.emplace(it.prediction, Seen{.created_at = it.created_at});
        }
    }
    for (const auto& it : look.unread) {
        if (it.created_at >= possible) seen_.try_emplace(it.prediction, Seen{.created_at = it.created_at});
    }
}

Suspects::Suspects(const std::vector<event::Execution>& seen) {
    for (const auto& it : seen) seen_.emplace(it.prediction, Seen{.created_at = it.created_at});
}

bool Suspects::any_beside(const std::set<std::string>& others) const {
    return std::any_of(seen_.begin(), seen_.end(),
                       [&](const auto& it) { return !others.contains(it.first); });
}

std::vector<event::Execution> Suspects::lasting() const {
    std::vector<event::Execution> all;
    for (const auto& [prediction, seen] : seen_)
        all.push_back({.prediction = prediction, .created_at = seen.created_at});
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.created_at < b.created_at; });
    if (all.size() > kSuspectsMax) all.resize(kSuspectsMax);
    return all;
}

std::string Suspects::reason() const {
    const std::string prediction = lasting().front().prediction;
    if (seen_.size() == 1) {
        return fmt::format("prediction {} was created at about that time or later, and whether it is this "
                           "shot's cannot be told",
                           prediction);
    }
    return fmt::format(
        "prediction {} and {} more were created at about that time or later, and whether one of "
        "them is this shot's cannot be told",
        prediction, seen_.size() - 1);
}

} // namespace reeld
