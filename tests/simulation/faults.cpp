#include "tests/simulation/faults.h"

#include <algorithm>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

struct Class {
    std::string_view word;
    double rate; ///< Per occasion, at most. Crashes have thousands of occasions in a night.
};

constexpr std::array<Class, kFaultClasses> kClasses = {{
    {"refused before it was sent", 0.3},
    {"request lost", 0.2},
    {"answer lost", 0.2},
    {"create arrives late", 0.15},
    {"garbled answer", 0.2},
    {"cut answer", 0.2},
    {"huge answer", 0.1},
    {"late answer", 0.2},
    {"5xx, nothing created", 0.3},
    {"5xx, created", 0.3},
    {"429 with Retry-After", 0.3},
    {"429 without Retry-After", 0.3},
    {"422", 0.1},
    {"prediction fails", 0.5},
    {"prediction hangs", 0.2},
    {"success without URL", 0.2},
    {"poll: 404", 0.3},
    {"poll: 500", 0.4},
    {"status goes backwards", 0.3},
    {"input not to be had", 0.5},
    {"cancel has no effect", 1.0},
    {"list is stale", 1.0},
    {"pages shift", 1.0},
    {"foreign execution with equal input", 0.2},
    {"foreign executions", 0.2},
    {"no webhooks", 1.0},
    {"webhook lost", 1.0},
    {"webhook late", 0.5},
    {"webhook early", 0.5},
    {"webhook doubled", 0.5},
    {"webhook forged", 0.5},
    {"webhook mistaken", 0.3},
    {"crash between two steps", 0.006},
    {"crash in a commit", 0.02},
    {"reboot", 0.002},
    {"power cut", 0.001},
    {"process paused", 0.003},
    {"our calendar clock jumps", 0.003},
    {"our calendar clock wrong at boot", 1.0},
    {"slow disk", 0.2},
    {"failing sync", 0.01},
    {"restart with other limits", 0.5},
    {"restart with other retries", 0.5},
    {"person settles rightly", 0.5},
    {"person settles wrongly", 0.2},
    {"person pauses", 0.3},
    {"person cancels", 0.1},
    {"person retries", 0.1},
    {"person gives another priority", 0.3},
    {"provider's clock is off", 1.0},
    {"provider's clocks differ", 1.0},
    {"hours", 1.0},
    {"hours lifted", 0.5},
    {"provider unreachable", 1.0},
    {"402", 1.0},
    {"401", 1.0},
    {"cap lowered", 1.0},
    {"list: 403", 1.0},
    {"list: 404", 1.0},
    {"list: 500", 1.0},
    {"list unreachable", 1.0},
    {"journal's disk is full", 1.0},
    {"manifests' disk is full", 1.0},
}};

/// An outage is mostly of minutes; some last until faults stop.
constexpr Duration kSpellMax = 40min;

} // namespace

std::string_view to_word(FaultClass fault) {
    return kClasses.at(static_cast<std::size_t>(fault)).word;
}

Faults::Faults(Dice& dice, Moment end) : dice_(dice) {
    // Faults that always come together hide what a single one breaks.
    const auto mood = dice_.roll(20);
    const auto active = [&](double share) {
        for (std::size_t i = 0; i < kFaultClasses; ++i) {
            const double rate = kClasses.at(i).rate * dice_.in_unit();
            if (dice_.chance(share)) rates_.at(i) = rate;
        }
    };
    if (mood < 2) {
        // Calm.
    } else if (mood < 9) {
        const auto alone = dice_.roll(kFaultClasses);
        rates_.at(alone) = kClasses.at(alone).rate;
        // Nothing is cancelled but what hangs.
        if (alone == index(FaultClass::deaf_cancel)) rates_.at(index(FaultClass::prediction_hangs)) = 1;
    } else if (mood < 16) {
        active(0.15);
    } else {
        active(0.85);
    }
    draw_spells(end);
}

void Faults::draw_spells(Moment end) {
    for (std::size_t i = index(FaultClass::unreachable); i < kFaultClasses; ++i) {
        if (rates_.at(i) <= 0) continue;
        const auto spells = 1 + dice_.roll(3);
        for (std::uint64_t k = 0; k < spells; ++k) {
            const Moment from = dice_.between(Moment::zero(), end / 2);
            const bool all_night = dice_.chance(0.15);
            spells_.at(i).push_back({from, all_night ? end : from + dice_.between(10s, kSpellMax)});
        }
    }
}

bool Faults::strikes(FaultClass fault) {
    const double rate = rates_.at(index(fault));
    if (stopped_ || rate <= 0 || !dice_.chance(rate)) return false;
    count(fault);
    return true;
}

bool Faults::rages(FaultClass fault, Moment now) {
    const auto& spells = spells_.at(index(fault));
    const bool raging = !stopped_ && std::any_of(spells.begin(), spells.end(), [&](const Spell& spell) {
        return spell.from <= now && now < spell.to;
    });
    if (raging) count(fault);
    return raging;
}

} // namespace reeld::test
