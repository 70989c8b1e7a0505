#include "tests/simulation/list_watch.h"

#include <variant>

namespace reeld::test {

void ListWatch::note(const Event& event) {
    const auto& fact = event.fact;
    if (const auto* started = std::get_if<event::Started>(&fact)) {
        for (auto& [shot, doubt] : doubts_) doubt.works = doubt.works && started->same_boot;
    } else if (const auto* looked = std::get_if<event::ListLooked>(&fact)) {
        if (!looked->complete) spoil(looked->model);
    } else if (const auto* failed = std::get_if<event::ListFailed>(&fact)) {
        spoil(failed->model);
    } else if (const auto* intended = std::get_if<event::CreateIntended>(&fact)) {
        doubts_[intended->shot] = {};
    } else if (const auto* lost = std::get_if<event::CreateLost>(&fact)) {
        // One that a crash has taken the end of: its create was sent before, and perhaps the machine
        // restarted since.
        doubts_.try_emplace(lost->shot, Doubt{.works = false}).first->second.lost = true;
    } else if (const ShotRef* shot = shot_of(fact)) {
        const bool goes_on = std::holds_alternative<event::CancelAsked>(fact) ||
                             std::holds_alternative<event::CreateSought>(fact) ||
                             std::holds_alternative<event::CreateCalled>(fact);
        if (!goes_on) doubts_.erase(*shot);
    }
}

void ListWatch::spoil(const std::string& model) {
    for (auto& [shot, doubt] : doubts_) {
        if (doubt.lost && models_.at(shot) == model) doubt.works = false;
    }
}

bool ListWatch::works_for(ShotRef shot) const {
    const auto doubt = doubts_.find(shot);
    return doubt != doubts_.end() && doubt->second.lost && doubt->second.works;
}

} // namespace reeld::test
