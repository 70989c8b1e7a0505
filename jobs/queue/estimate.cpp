#include "jobs/queue/estimate.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace reeld {

namespace {

using SlotTime = std::chrono::duration<double>;

/// What is left to do, in seconds of one slot, and what the longest and the number of creates are.
struct Work {
    SlotTime slot_time{};
    SlotTime longest{};
    int creates = 0;

    void add(SlotTime time) {
        slot_time += time;
        longest = std::max(longest, time);
    }
};

/// Creating, rendering, or in doubt: most doubts turn out to be rendering.
bool is_under_way(ShotState state) {
    return state >= ShotState::creating && state <= ShotState::in_doubt;
}

SlotTime left_of(const Ledger& ledger, ShotRef ref, Instant now) {
    const auto& active = ledger.active().at(ref);
    const SlotTime mean = ledger.durations().belief(ledger.duration_kind(ref)).mean();
    const Instant since = active.prediction.empty() ? active.intended_at : active.accepted_at;
    // What is late is expected to be about done, not to be done in the past.
    return std::max(mean - SlotTime(now - since), mean / 10);
}

void add_batch(Work& work, const Ledger& ledger, BatchKey key, Instant now) {
    const auto& shots = ledger.batch(key).shots;
    std::map<Durations::Kind, SlotTime> means;
    for (std::uint32_t i = 0; i < shots.size(); ++i) {
        const ShotRef ref{.batch = key, .index = i};
        if (shots[i].state == ShotState::queued) {
            const auto kind = ledger.duration_kind(ref);
            auto mean = means.find(kind);
            if (mean == means.end()) mean = means.emplace(kind, ledger.durations().belief(kind).mean()).first;
            work.add(mean->second);
            ++work.creates;
        } else if (is_under_way(shots[i].state)) {
            work.add(left_of(ledger, ref, now));
        }
    }
}

} // namespace

std::optional<Duration> estimate_remaining(const Ledger& ledger, std::span<const BatchKey> batches,
                                           Instant now) {
    Work work;
    for (const BatchKey key : batches) add_batch(work, ledger, key, now);
    if (work.longest == SlotTime::zero()) return std::nullopt;
    const SlotTime by_slots = work.slot_time / ledger.account().slots(now);
    const auto limit = ledger.tokens().limit();
    const int windows =
        std::max(0, work.creates - ledger.tokens().available(now) + limit.capacity - 1) / limit.capacity;
    const SlotTime by_tokens =
        SlotTime(limit.window) * windows + (work.creates > 0 ? work.longest : SlotTime{});
    const SlotTime estimate = std::max({by_slots, by_tokens, work.longest});
    return Duration{std::llround(estimate.count() * 1e6)};
}

} // namespace reeld
