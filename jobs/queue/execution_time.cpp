#include "jobs/queue/execution_time.h"

#include <algorithm>

namespace reeld {

namespace {

/// The provider writes its clock (`Date`) and perhaps its executions' times in whole seconds: two times of it
/// may be off by that much against each other.
constexpr Duration kWholeSeconds = std::chrono::seconds{2};

} // namespace

CreatedFrom created_from(const ActiveShot& active, const ProviderTime& time) {
    // By the look, the send was between the two; which of them matters when the answer was long on its way,
    // or lay unread while the program was paused.
    const WallTime by_look = time.as_of - (time.answered_at - active.intended_at);
    const WallTime by_look_latest = time.as_of - (time.asked_at - active.intended_at);
    const WallTime by_send = active.provider_at.value_or(by_look_latest);
    // One wrong `Date`, such as a proxy's, must not hide an execution: only what both allow is adopted, and
    // only what neither allows is ruled out. After a reboot the look's may be of any time: it rules out less.
    const WallTime later = active.age_known ? std::max(by_look, by_send) : by_send;
    const WallTime earlier = std::min(by_look, by_send);
    const bool certain = active.age_known || active.provider_at.has_value();
    return {.adoptable = certain ? later - kWholeSeconds : WallTime::max(),
            .possible = earlier - kClocksApartMax,
            .certain = certain};
}

WallTime look_from(const Ledger& ledger, const std::string& model, const ProviderTime& time) {
    WallTime from = time.as_of;
    for (const auto& [ref, slot_back] : ledger.lost()) {
        if (ledger.shot(ref).state != ShotState::in_doubt || ledger.duration_kind(ref).model != model)
            continue;
        from = std::min(from, created_from(ledger.active().at(ref), time).possible);
    }
    return from;
}

} // namespace reeld
