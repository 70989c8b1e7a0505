#include "tests/simulation/person.h"

#include <algorithm>

namespace reeld::test {

std::optional<Fact> Person::truth(const Shell& shell, ShotRef shot) const {
    const auto& ledger = shell.ledger();
    const auto& active = ledger.active().at(shot);
    auto orphans = parts_.audit.orphans_like(shot);
    std::erase_if(orphans, [&](const Booked* it) { return shell.journal().knows_prediction(it->id); });
    const auto own = std::find_if(orphans.begin(), orphans.end(),
                                  [&](const Booked* it) { return it->request_id == active.request_id; });
    const Booked* found = own != orphans.end() ? *own : orphans.empty() ? nullptr : orphans.front();
    if (found != nullptr)
        return event::CreateAdopted{.shot = shot, .prediction = found->id, .by = SettledBy::person};
    if (shell.age_of(shot) < patience_) return std::nullopt;
    return ledger.dismissal(shot, SettledBy::person, false);
}

void Person::look(Shell& shell) {
    const auto lost = shell.ledger().lost(); // A copy: what is recorded changes it.
    for (const auto& [shot, slot_back] : lost) {
        if (parts_.faults.strikes(FaultClass::person_right)) {
            if (auto fact = truth(shell, shot)) shell.record(*std::move(fact));
        } else if (parts_.faults.strikes(FaultClass::person_wrong)) {
            shell.record(shell.ledger().dismissal(shot, SettledBy::person, false));
        }
    }
}

void Person::clear(Shell& shell) {
    const auto lost = shell.ledger().lost();
    for (const auto& [shot, slot_back] : lost) {
        if (shell.ledger().shot(shot).state != ShotState::held) continue;
        if (auto fact = truth(shell, shot)) shell.record(*std::move(fact));
    }
}

} // namespace reeld::test
