#include "daemon/app/resolve.h"

#include "daemon/app/answer_facts.h"
#include "jobs/eachlabs/canonical_json.h"
#include "jobs/eachlabs/prediction_id.h"
#include "jobs/eachlabs/resemblance.h"

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

/// Whether the prediction has been seen as perhaps the shot's: by a look, or in the answer to its create.
bool is_suspect(const Ledger& ledger, ShotRef shot, const std::string& prediction) {
    const auto active = ledger.active().find(shot);
    if (active == ledger.active().end()) return false;
    const auto& [ref, it] = *active;
    const auto suspects = it.suspects.value_or(std::vector<event::Execution>{});
    return it.called == prediction || (it.doubt && it.doubt->named == prediction) ||
           std::any_of(suspects.begin(), suspects.end(),
                       [&](const event::Execution& suspect) { return suspect.prediction == prediction; });
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

std::string why_not_its(const Ledger& ledger, const Journal& journal, ShotRef shot,
                        const std::string& prediction, const HttpAnswer& answer) {
    const bool answered = answer.outcome == HttpAnswer::Outcome::answered;
    const auto poll =
        answered ? eachlabs::read_poll(as_answer(answer)) : eachlabs::NoNews{.cause = answer.cause};
    const auto* none = std::get_if<eachlabs::NoNews>(&poll);
    if (none != nullptr && none->unknown_prediction)
        return fmt::format("cannot have prediction {}: the provider knows none of that id; see whether it is "
                           "typed as the provider shows it",
                           prediction);
    if (none != nullptr || !eachlabs::tells_of(as_answer(answer), prediction))
        return fmt::format("cannot have prediction {} before it was looked up, and the provider does not "
                           "tell of it: {}. Say it again when it does",
                           prediction, none != nullptr ? none->cause : "its answer does not name it");
    if (is_suspect(ledger, shot, prediction)) return {};
    const auto echo = eachlabs::read_echo(as_answer(answer), prediction);
    const auto* shown = std::get_if<eachlabs::Echo>(&echo);
    const auto sent = eachlabs::canonical_json(journal.shot(shot).shot.input);
    const bool may_be = shown == nullptr || !sent ||
                        eachlabs::may_have_become(eachlabs::core_of(*sent), eachlabs::core_of(shown->input),
                                                  eachlabs::Addresses::perhaps_copied);
    return may_be ? ""
                  : fmt::format("cannot have prediction {}: it was created with another input", prediction);
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
