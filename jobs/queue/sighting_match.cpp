#include "jobs/queue/sighting_match.h"

#include "jobs/queue/execution_time.h"

#include <algorithm>

namespace reeld {

namespace {

struct Suspect {
    ShotRef ref;
    CreatedFrom from;
    std::string_view called; ///< That its webhook was called by; empty: it was not.
};

struct Taken {
    ShotRef by;
    const Sighting* sighting;
};

/// Whether a create without an answer beside this one was called by the prediction.
bool called_another(const Ledger& ledger, ShotRef ref, const std::string& prediction) {
    return std::any_of(ledger.active().begin(), ledger.active().end(), [&](const auto& it) {
        return it.first != ref && it.second.prediction.empty() && it.second.called == prediction;
    });
}

bool equals(const Suspect& suspect, const Sighting& sighting) {
    return std::find(sighting.equals.begin(), sighting.equals.end(), suspect.ref) != sighting.equals.end();
}

/// Its own for certain, whatever clocks say: it called the create's webhook.
bool is_called(const Suspect& suspect, const Sighting& sighting) {
    return sighting.prediction == suspect.called && equals(suspect, sighting);
}

/// What called its webhook is not in the list, or not yet, or shown with another input: if it was executed,
/// then as none of those that equal it.
bool awaits_what_called(const Suspect& suspect, const event::ListLooked& look) {
    return !suspect.called.empty() &&
           std::none_of(look.sightings.begin(), look.sightings.end(),
                        [&](const Sighting& it) { return is_called(suspect, it); });
}

/// The doubts of the look's model, the one that was sent last first: fewest executions can be its own, and
/// every one of them can be any earlier doubt's, so that whoever chooses first takes nothing from the others.
/// Who awaits another one takes what is left.
std::vector<Suspect> suspects(const Ledger& ledger, const event::ListLooked& look) {
    std::vector<Suspect> found;
    for (const auto& [ref, slot_back] : ledger.lost()) {
        if (ledger.shot(ref).state != ShotState::in_doubt || ledger.duration_kind(ref).model != look.model)
            continue;
        const auto& active = ledger.active().at(ref);
        found.push_back({.ref = ref, .from = created_from(active, time_of(look)), .called = active.called});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Suspect& a, const Suspect& b) { return a.from.adoptable > b.from.adoptable; });
    std::stable_partition(found.begin(), found.end(),
                          [&](const Suspect& it) { return !awaits_what_called(it, look); });
    return found;
}

bool can_be(const Suspect& suspect, const Sighting& sighting) {
    return sighting.created_at >= suspect.from.adoptable && equals(suspect, sighting);
}

/// The same, however far apart the provider's clocks are.
bool may_be(const Suspect& suspect, const Sighting& sighting) {
    return sighting.created_at >= suspect.from.possible && equals(suspect, sighting);
}

bool may_be_an_unanswered_ones(const Ledger& ledger, const event::ListLooked& look,
                               const Sighting& sighting) {
    return std::any_of(sighting.equals.begin(), sighting.equals.end(), [&](ShotRef ref) {
        return ledger.shot(ref).state == ShotState::creating &&
               sighting.created_at >= created_from(ledger.active().at(ref), time_of(look)).possible;
    });
}

/// Whether an execution that nobody could read may be the doubt's own, and came before this one.
bool something_unread_comes_before(const Ledger& ledger, const event::ListLooked& look,
                                   const Suspect& suspect, const Sighting& sighting) {
    return std::any_of(look.unread.begin(), look.unread.end(), [&](const event::Execution& it) {
        return it.created_at >= suspect.from.possible && it.created_at <= sighting.created_at &&
               !called_another(ledger, suspect.ref, it.prediction);
    });
}

/// Whether the execution may be the own one of a doubt beside this one.
bool is_contested(const std::vector<Suspect>& doubts, const Suspect& doubt, const Sighting& sighting) {
    return std::any_of(doubts.begin(), doubts.end(), [&](const Suspect& other) {
        return other.ref != doubt.ref && may_be(other, sighting);
    });
}

/// An execution of shortly before the send, which is nobody else's: should clocks disagree, it is the doubt's
/// own, and one that fits is another doubt's. Null when there is none.
const Sighting* rival(const std::vector<const Sighting*>& free, const std::vector<Suspect>& doubts,
                      const Suspect& doubt) {
    const auto found = std::find_if(free.begin(), free.end(), [&](const Sighting* it) {
        const bool fits_somebody = std::any_of(doubts.begin(), doubts.end(),
                                               [&](const Suspect& other) { return can_be(other, *it); });
        return !fits_somebody && may_be(doubt, *it);
    });
    return found == free.end() ? nullptr : *found;
}

/// Nothing can be the doubt's own: it is absent, unless something may be all the same.
void set_absent(SightingMatch& match, const Suspect& doubt, const std::vector<const Sighting*>& free,
                bool inputs_are_told) {
    const auto may_be = std::find_if(free.begin(), free.end(), [&](const Sighting* it) {
        const bool stranger = it->equals.empty() && !inputs_are_told;
        return it->created_at >= doubt.from.possible && (stranger || equals(doubt, *it));
    });
    if (may_be == free.end()) {
        match.absent.push_back(doubt.ref);
    } else {
        match.ambiguous.emplace(doubt.ref, (*may_be)->prediction);
    }
}

} // namespace

event::ListLooked heed_calls(const Ledger& ledger, event::ListLooked look) {
    for (auto& it : look.sightings) {
        const auto caller = std::find_if(it.equals.begin(), it.equals.end(), [&](ShotRef ref) {
            const auto active = ledger.active().find(ref);
            return active != ledger.active().end() && active->second.called == it.prediction;
        });
        if (caller != it.equals.end()) it.equals = std::vector{*caller};
    }
    return look;
}

SightingMatch match_sightings(const Ledger& ledger, const event::ListLooked& look) {
    SightingMatch match;
    std::vector<const Sighting*> free;
    free.reserve(look.sightings.size());
    for (const auto& sighting : look.sightings) free.push_back(&sighting);
    std::stable_sort(free.begin(), free.end(),
                     [](const Sighting* a, const Sighting* b) { return a->created_at < b->created_at; });
    const auto doubts = suspects(ledger, look);
    std::vector<Taken> taken;
    std::vector<const Suspect*> without;
    for (const auto& doubt : doubts) {
        const auto first_that = [&](bool (*fits)(const Suspect&, const Sighting&)) {
            return std::find_if(free.begin(), free.end(),
                                [&](const Sighting* it) { return fits(doubt, *it); });
        };
        auto own = first_that(is_called);
        const bool certain = own != free.end();
        if (!certain) own = first_that(can_be);
        if (own == free.end()) {
            without.push_back(&doubt);
            for (const Taken& it : taken) {
                if (can_be(doubt, *it.sighting)) match.gave_way.emplace_back(doubt.ref, it.by);
            }
        } else if (const Sighting* other = rival(free, doubts, doubt);
                   !certain && other != nullptr && is_contested(doubts, doubt, **own)) {
            match.ambiguous.emplace(doubt.ref, other->prediction);
        } else if (certain || (!may_be_an_unanswered_ones(ledger, look, **own) &&
                               !something_unread_comes_before(ledger, look, doubt, **own))) {
            match.adopted.emplace(doubt.ref, (*own)->prediction);
            taken.push_back({.by = doubt.ref, .sighting = *own});
            free.erase(own);
        }
    }
    // What another doubt has adopted makes this one neither absent nor ambiguous.
    for (const auto* doubt : without) set_absent(match, *doubt, free, look.inputs_are_told);
    for (const Sighting* sighting : free) {
        const bool could_be = std::any_of(doubts.begin(), doubts.end(), [&](const Suspect& doubt) {
            return match.adopted.contains(doubt.ref) && may_be(doubt, *sighting);
        });
        if (could_be && !may_be_an_unanswered_ones(ledger, look, *sighting))
            match.strays.push_back(sighting->prediction);
    }
    return match;
}

} // namespace reeld
