#include "daemon/app/resolve.h"

#include "jobs/eachlabs/prediction_id.h"

#include <fmt/format.h>

#include <algorithm>

namespace reeld {

namespace {

Resolved refuse_resolution(std::string why) {
    return {.fact = std::nullopt, .why_not = std::move(why)};
}

Resolved resolve_absent(const Ledger& ledger, const Journal& journal, ShotRef shot, int nth) {
    if (ledger.shot(shot).state != ShotState::held) {
        return refuse_resolution(
            "is in doubt: its create is still being looked for, and to send it again could pay twice. What "
            "cannot be settled by itself is held then, and can be resolved");
    }
    const int times = times_held(journal, shot);
    if (nth == times) return {.fact = ledger.dismissal(shot, SettledBy::person, false), .why_not = {}};
    if (nth > times)
        return refuse_resolution(
            fmt::format("is held for its create number {}, and there is no number {}", times, nth));
    return refuse_resolution(
        fmt::format("was held for another create since: look for that one, too. If it made "
                    "nothing either, say so of number {0}: not-created:{0}, or to a "
                    "daemon --not-created={0}",
                    times));
}

} // namespace

int times_held(const Journal& journal, ShotRef shot) {
    const auto events = journal.events_of(shot);
    return static_cast<int>(std::count_if(events.begin(), events.end(), [](const Event& event) {
        return std::holds_alternative<event::CreateHeld>(event.fact);
    }));
}

std::string not_created_words(int nth, char sign) {
    return nth == 1 ? "not-created" : fmt::format("not-created{}{}", sign, nth);
}

std::string denied_words(const std::string& prediction) {
    return fmt::format(
        "cannot have prediction {}: the provider knows none of that id; see whether it is typed "
        "as the provider shows it",
        prediction);
}

Resolved resolve_doubt(const Ledger& ledger, const Journal& journal, ShotRef shot, const Finding& finding) {
    const auto& prediction = finding.prediction;
    const ShotState state = ledger.shot(shot).state;
    if (state != ShotState::held && state != ShotState::in_doubt) {
        return refuse_resolution(
            fmt::format("is {}: only a shot that is held or in doubt can be resolved", to_word(state)));
    }
    if (!prediction) return resolve_absent(ledger, journal, shot, finding.nth);
    if (!eachlabs::is_prediction_id(*prediction))
        return refuse_resolution("cannot have that prediction: no id of the provider's looks like it");
    if (journal.knows_prediction(*prediction))
        return refuse_resolution(
            fmt::format("cannot have prediction {}: it is another shot's already", *prediction));
    return {.fact = event::CreateAdopted{.shot = shot, .prediction = *prediction, .by = SettledBy::person},
            .why_not = {}};
}

} // namespace reeld
