#include "jobs/queue/why.h"

#include <algorithm>

namespace reeld {

namespace {

std::optional<Instant> known(Instant instant) {
    return instant == Instant::max() ? std::nullopt : std::optional{instant};
}

/// What the shot whose turn it is waits for.
Why why_first_waits(const Ledger& ledger, Instant now) {
    const auto& account = ledger.account();
    if (ledger.slots_taken(now) >= account.slots(now))
        return {.kind = Why::Kind::slot, .until = known(next_slot_at(ledger, now)), .batch = {}};
    if (ledger.unanswered() >= account.creates_at_once(now))
        return {.kind = Why::Kind::answer, .until = {}, .batch = {}};
    return {.kind = Why::Kind::token, .until = known(ledger.tokens().ready_at(now)), .batch = {}};
}

Why why_queued_waits(const Queue& queue, ShotRef shot, Instant now) {
    const auto& ledger = queue.ledger();
    if (ledger.paused().contains(kAllBatches)) return {.kind = Why::Kind::paused, .until = {}, .batch = {}};
    if (ledger.paused().contains(shot.batch))
        return {.kind = Why::Kind::batch_paused, .until = {}, .batch = {}};
    if (const auto again = queue.scheduler().next_attempt(shot))
        return {.kind = Why::Kind::backoff, .until = *again, .batch = {}};
    if (!queue.scheduler().creates_for(ledger, shot.batch))
        return {.kind = Why::Kind::not_wanted, .until = {}, .batch = {}};
    if (const Instant opens = queue.scheduler().hours().opens_at(shot.batch, now); opens > now)
        return {.kind = Why::Kind::hours, .until = known(opens), .batch = {}};
    if (const auto* suspension = ledger.account().suspension(now))
        return {.kind = Why::Kind::suspended, .until = known(suspension->until), .batch = {}};
    const auto first = queue.scheduler().next_in_order();
    if (first && *first != shot && first->batch == shot.batch)
        return {.kind = Why::Kind::earlier_shot, .until = {}, .batch = {}};
    if (first && *first != shot)
        return {.kind = Why::Kind::earlier_batch, .until = {}, .batch = first->batch};
    return why_first_waits(ledger, now);
}

} // namespace

Instant expected_end(const Ledger& ledger, ShotRef shot, Instant now) {
    const auto& active = ledger.active().at(shot);
    const auto mean = ledger.durations().belief(ledger.duration_kind(shot)).mean();
    const Instant since = active.prediction.empty() ? active.intended_at : active.accepted_at;
    return std::max(since + mean, now + mean / 10);
}

Instant next_slot_at(const Ledger& ledger, Instant now) {
    Instant first = ledger.slot_expires_at(now);
    for (const auto& [ref, active] : ledger.active()) {
        const ShotState state = ledger.shot(ref).state;
        if (state == ShotState::creating || state == ShotState::rendering)
            first = std::min(first, expected_end(ledger, ref, now));
    }
    return first;
}

Why why_waits(const Queue& queue, ShotRef shot, Instant now) {
    const auto& ledger = queue.ledger();
    switch (ledger.shot(shot).state) {
    case ShotState::queued: return why_queued_waits(queue, shot, now);
    case ShotState::creating: return {.kind = Why::Kind::creating, .until = {}, .batch = {}};
    case ShotState::rendering:
        if (queue.scheduler().is_given_up(ledger, shot, now))
            return {.kind = Why::Kind::given_up, .until = {}, .batch = {}};
        return {.kind = Why::Kind::rendering, .until = expected_end(ledger, shot, now), .batch = {}};
    case ShotState::in_doubt:
        return {.kind = Why::Kind::settling, .until = queue.scheduler().next_look(shot), .batch = {}};
    case ShotState::held: return {.kind = Why::Kind::held, .until = {}, .batch = {}};
    case ShotState::succeeded:
    case ShotState::failed:
    case ShotState::cancelled: break;
    }
    return {};
}

} // namespace reeld
