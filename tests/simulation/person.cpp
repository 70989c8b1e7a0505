#include "tests/simulation/person.h"

#include <algorithm>

namespace reeld::test {

std::optional<Fact> Person::truth(const Shell& shell, ShotRef shot) const {
    const auto& ledger = shell.ledger();
    const auto& active = ledger.active().at(shot);
    auto orphans = parts_.audit.orphans_like(shot);
    const auto sent_at = parts_.audit.sent_at(active.request_id);
    std::erase_if(orphans, [&](const Booked* it) {
        if (it->request_id != active.request_id && sent_at && it->created_at < *sent_at) return true;
        const bool unanswered =
            std::any_of(ledger.active().begin(), ledger.active().end(), [&](const auto& other) {
                return other.second.request_id == it->request_id &&
                       ledger.shot(other.first).state == ShotState::creating;
            });
        return unanswered || shell.journal().knows_prediction(it->id);
    });
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

void Person::meddle(Shell& shell) {
    const auto& ledger = shell.ledger();
    for (const auto& [key, batch] : ledger.batches()) {
        for (std::uint32_t i = 0; i < batch.shots.size(); ++i) {
            const ShotRef shot{.batch = key, .index = i};
            const auto active = ledger.active().find(shot);
            const bool asked = active != ledger.active().end() && active->second.cancel_asked;
            const ShotState state = batch.shots[i].state;
            const bool ended_badly = state == ShotState::failed || state == ShotState::cancelled;
            if (ended_badly && parts_.faults.strikes(FaultClass::person_retries))
                shell.record(event::RetryAsked{.shot = shot});
            if (is_final(state) || asked) continue;
            if (parts_.faults.strikes(FaultClass::person_cancels))
                shell.record(event::CancelAsked{.shot = shot});
        }
    }
    if (ledger.batches().empty()) return;
    if (parts_.faults.strikes(FaultClass::person_moves)) {
        const auto other =
            std::next(ledger.batches().begin(), long(parts_.dice.roll(ledger.batches().size())));
        const auto priority = static_cast<std::int16_t>(long(parts_.dice.roll(5)) - 2);
        shell.record(event::Reprioritised{.batch = other->first, .priority = priority});
    }
    if (!parts_.faults.strikes(FaultClass::person_pauses)) return;
    const auto pick = parts_.dice.roll(ledger.batches().size() + 1);
    const auto batch = pick == 0 ? BatchKey{0} : std::next(ledger.batches().begin(), long(pick) - 1)->first;
    if (ledger.paused().contains(batch)) {
        shell.record(event::Resumed{.batch = batch});
    } else {
        shell.record(event::Paused{.batch = batch});
    }
}

void Person::clear(Shell& shell) {
    const auto paused = shell.ledger().paused();
    for (const BatchKey batch : paused) shell.record(event::Resumed{.batch = batch});
    const auto lost = shell.ledger().lost();
    for (const auto& [shot, slot_back] : lost) {
        if (shell.ledger().shot(shot).state != ShotState::held) continue;
        if (auto fact = truth(shell, shot)) shell.record(*std::move(fact));
    }
}

} // namespace reeld::test
