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
    const int in_question = nth_in_question(journal, shot);
    if (nth == in_question) return {.fact = ledger.dismissal(shot, SettledBy::person, false), .why_not = {}};
    if (nth > in_question) {
        return refuse_resolution(fmt::format("has had no create number {} that was lost: {} is the one in "
                                             "question",
                                             nth, in_question));
    }
    return refuse_resolution(fmt::format(
        "was sent again at these words already, and is held for its new create. Look for that one, too; if "
        "it "
        "made nothing either, say so of number {0}: not-created:{0}, or to a daemon --not-created={0}",
        in_question));
}

} // namespace

int nth_in_question(const Journal& journal, ShotRef shot) {
    const auto events = journal.events_of(shot);
    return 1 + static_cast<int>(std::count_if(events.begin(), events.end(), [](const Event& event) {
               const auto* dismissed = std::get_if<event::CreateDismissed>(&event.fact);
               return dismissed != nullptr && dismissed->by == SettledBy::person;
           }));
}

std::string not_created_words(int nth, char sign) {
    return nth == 1 ? "not-created" : fmt::format("not-created{}{}", sign, nth);
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
