#include "daemon/app/resolve.h"

#include "jobs/eachlabs/prediction_id.h"

#include <fmt/format.h>

namespace reeld {

namespace {

Resolved refuse_resolution(std::string why) {
    return {.fact = std::nullopt, .why_not = std::move(why)};
}

} // namespace

Resolved resolve_doubt(const Ledger& ledger, const Journal& journal, ShotRef shot,
                       const std::optional<std::string>& prediction) {
    const ShotState state = ledger.shot(shot).state;
    if (state != ShotState::held && state != ShotState::in_doubt) {
        return refuse_resolution(
            fmt::format("is {}: only a shot that is held or in doubt can be resolved", to_word(state)));
    }
    if (!prediction) {
        if (state == ShotState::held)
            return {.fact = ledger.dismissal(shot, SettledBy::person, false), .why_not = {}};
        return refuse_resolution(
            "is in doubt: its create is still being looked for, and to send it again could pay twice. What "
            "cannot be settled by itself is held then, and can be resolved");
    }
    if (!eachlabs::is_prediction_id(*prediction))
        return refuse_resolution("cannot have that prediction: no id of the provider's looks like it");
    if (journal.knows_prediction(*prediction))
        return refuse_resolution(
            fmt::format("cannot have prediction {}: it is another shot's already", *prediction));
    return {.fact = event::CreateAdopted{.shot = shot, .prediction = *prediction, .by = SettledBy::person},
            .why_not = {}};
}

} // namespace reeld
