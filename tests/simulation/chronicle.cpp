#include "tests/simulation/chronicle.h"

#include "jobs/eachlabs/answers.h"

#include <fmt/format.h>

namespace reeld::test {

void Chronicle::apply(const Event& event) {
    if (const auto* intent = std::get_if<event::CreateIntended>(&event.fact)) {
        auto& shot = shots_[intent->shot];
        ++shot.intents;
        shot.held = false;
        shot.request_id = intent->request_id;
    } else if (const auto* accepted = std::get_if<event::CreateAccepted>(&event.fact)) {
        own(accepted->shot, accepted->prediction);
    } else if (const auto* adopted = std::get_if<event::CreateAdopted>(&event.fact)) {
        own(adopted->shot, adopted->prediction);
    } else if (const auto* dismissed = std::get_if<event::CreateDismissed>(&event.fact)) {
        dismiss(*dismissed);
    } else if (const auto* held = std::get_if<event::CreateHeld>(&event.fact)) {
        shots_[held->shot].held = true;
        leave_unsettled(held->shot);
    } else if (const auto* cancel = std::get_if<event::CancelAsked>(&event.fact)) {
        shots_[cancel->shot].unwanted = true;
        leave_unsettled(cancel->shot);
    } else if (const auto* retry = std::get_if<event::RetryAsked>(&event.fact)) {
        shots_[retry->shot].unwanted = false;
        ++shots_[retry->shot].consents;
    } else if (const auto* failed = std::get_if<event::PredictionFailed>(&event.fact)) {
        // Nobody consents to paying twice for what was rendered.
        const bool is_rendered = failed->failure.error.code == eachlabs::kNoOutputUrl;
        if (failed->retry_after && !is_rendered) ++shots_[failed->shot].consents;
    }
}

void Chronicle::own(ShotRef ref, const std::string& prediction) {
    const auto [owner, is_new] = owners_.emplace(prediction, ref);
    if (!is_new && owner->second != ref) {
        throw Violation(fmt::format("prediction {} belongs to two shots: {}.{} and {}.{}", prediction,
                                    owner->second.batch, owner->second.index, ref.batch, ref.index));
    }
    shots_[ref].prediction = prediction;
    shots_[ref].held = false;
}

/// What becomes of it, nobody may ever learn: that is what the person accepts.
void Chronicle::leave_unsettled(ShotRef ref) {
    const auto& shot = shots_[ref];
    if (shot.held && shot.unwanted) unsettled_.insert(shot.request_id);
}

void Chronicle::dismiss(const event::CreateDismissed& it) {
    auto& shot = shots_[it.shot];
    shot.held = false;
    if (it.by == SettledBy::list) return; // Proof, not consent: nothing may come of it.
    ++shot.consents;
    (it.by == SettledBy::person ? by_person_ : by_rule_).insert(shot.request_id);
}

} // namespace reeld::test
