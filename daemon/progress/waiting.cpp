#include "daemon/progress/waiting.h"

#include "daemon/progress/progress_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace reeld {

namespace {

bool anything_queued(const Ledger& ledger, std::span<const BatchKey> batches) {
    return std::any_of(batches.begin(), batches.end(),
                       [&](BatchKey key) { return ledger.batch(key).count(ShotState::queued) > 0; });
}

/// Whether none of these batches is created, because somebody said so.
bool all_paused(const Ledger& ledger, std::span<const BatchKey> batches) {
    if (ledger.paused().contains(kAllBatches)) return true;
    return std::all_of(batches.begin(), batches.end(), [&](BatchKey key) {
        return ledger.paused().contains(key) || ledger.batch(key).count(ShotState::queued) == 0;
    });
}

/// Whether some slot's end is being waited for, so that it comes back by itself.
bool anything_runs(const Ledger& ledger) {
    return std::any_of(ledger.active().begin(), ledger.active().end(), [&](const auto& active) {
        const ShotState state = ledger.shot(active.first).state;
        return state == ShotState::creating || state == ShotState::rendering;
    });
}

std::string in(Instant then, Instant now) {
    return then == Instant::max() ? "" : fmt::format(" in {}", short_time(then - now));
}

} // namespace

Waiting why_waiting(const Ledger& ledger, std::span<const BatchKey> batches, Instant now) {
    if (const auto* suspension = ledger.account().suspension(now)) {
        return {.reason = WaitReason::suspended,
                .text =
                    fmt::format("creates are suspended, {}: {}; asked again{}", to_words(suspension->reason),
                                suspension->message, in(suspension->until, now))};
    }
    if (!anything_queued(ledger, batches)) return {};
    if (all_paused(ledger, batches))
        return {.reason = WaitReason::paused, .text = "paused by a person; reeld resume goes on"};
    if (ledger.slots_taken(now) >= ledger.account().slots(now)) {
        if (anything_runs(ledger)) return {};
        return {.reason = WaitReason::kept,
                .text = fmt::format("nothing is created just now: every slot is kept by a shot whose create "
                                    "got no answer, since it may be rendering; the next is free{}",
                                    in(ledger.slot_expires_at(now), now))};
    }
    const Instant token = ledger.tokens().ready_at(now);
    if (token <= now || token == Instant::max()) return {};
    return {.reason = WaitReason::window,
            .text = fmt::format("all creates of this window are used; the next{}", in(token, now))};
}

} // namespace reeld
