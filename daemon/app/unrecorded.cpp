#include "daemon/app/unrecorded.h"

#include "daemon/app/narration.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace reeld {

namespace {

/// Its id, or its position when not even that can be read.
std::string name_of(ShotRef ref, const Journal& journal, const Ledger& ledger) {
    try {
        return full_name(ref, journal, ledger);
    } catch (const JournalError&) {
        return fmt::format("{}, shot {} of the storyboard", ledger.batch(ref.batch).name, ref.index + 1);
    }
}

/// The answer to a create, in words. Nothing for other facts.
std::optional<std::string> answer_in(const Fact& fact) {
    if (const auto* accepted = std::get_if<event::CreateAccepted>(&fact))
        return fmt::format("is prediction {}", accepted->prediction);
    if (std::holds_alternative<event::CreateRefused>(fact)) return "was refused, so nothing was created";
    if (std::holds_alternative<event::CreateNotSent>(fact)) return "was not sent, so nothing was created";
    if (const auto* lost = std::get_if<event::CreateLost>(&fact))
        return fmt::format("had no answer ({})", lost->loss.cause);
    return std::nullopt;
}

bool creates(const Action& action, ShotRef ref) {
    const auto* create = std::get_if<action::Create>(&action);
    return create != nullptr && create->shot == ref;
}

} // namespace

std::string tell_unrecorded(const Journal& journal, const Ledger& ledger, std::span<const Action> unsent) {
    std::vector<std::string> lines;
    for (const Event& event : journal.uncommitted()) {
        const auto answer = answer_in(event.fact);
        if (!answer) continue;
        lines.push_back(
            fmt::format("the create of {} {}", name_of(*shot_of(event.fact), journal, ledger), *answer));
    }
    for (const auto& [ref, active] : ledger.active()) {
        if (ledger.shot(ref).state != ShotState::creating) continue;
        const bool sent = std::none_of(unsent.begin(), unsent.end(),
                                       [&ref = ref](const Action& it) { return creates(it, ref); });
        if (sent)
            lines.push_back(
                fmt::format("the create of {} was sent and not answered yet", name_of(ref, journal, ledger)));
    }
    if (lines.empty()) return "Every create that was sent is recorded with its answer";
    return fmt::format("Not in the journal, and so in doubt at the next start: {}", fmt::join(lines, "; "));
}

std::string tell_unsent(const Journal& journal, const Ledger& ledger, std::span<const Action> unsent) {
    std::vector<std::string> names;
    for (const Action& action : unsent) {
        if (const auto* create = std::get_if<action::Create>(&action))
            names.push_back(name_of(create->shot, journal, ledger));
    }
    if (names.empty()) return "";
    return fmt::format(". Not sent, whatever the next start finds: {}", fmt::join(names, ", "));
}

} // namespace reeld
