#include "daemon/metrics/queue_depth.h"

namespace reeld {

namespace {

std::size_t at(BatchState state) {
    return static_cast<std::size_t>(state);
}

} // namespace

void QueueDepth::count_all(const Ledger& ledger) {
    *this = {};
    for (const auto& [key, batch] : ledger.batches()) static_cast<void>(count(key, ledger));
}

QueueDepth::ByShotState QueueDepth::count(BatchKey key, const Ledger& ledger) {
    const BatchRecord& batch = ledger.batch(key);
    const auto [place, is_new] = counted_.try_emplace(key);
    Counted& counted = place->second;
    const Counted before = counted;
    if (!is_new) add(before, -1);
    counted = {.state = batch_state(batch, ledger.paused().contains(key)), .in_state = batch.in_state};
    add(counted, 1);
    if (counted.state == BatchState::finished) {
        unfinished_.erase(key);
    } else {
        unfinished_.insert(key);
    }
    ByShotState entered{};
    for (std::size_t state = 0; state < kShotStates; ++state)
        entered.at(state) = std::int64_t{counted.in_state.at(state)} - before.in_state.at(state);
    return entered;
}

void QueueDepth::add(const Counted& counted, int sign) {
    if (counted.state == BatchState::finished) return;
    batches_.at(at(counted.state)) += sign;
    for (std::size_t state = 0; state < kShotStates; ++state)
        shots_.at(at(counted.state)).at(state) += std::int64_t{counted.in_state.at(state)} * sign;
}

std::int64_t QueueDepth::batches(BatchState state) const {
    return batches_.at(at(state));
}

std::int64_t QueueDepth::shots(BatchState batch, ShotState shot) const {
    return shots_.at(at(batch)).at(static_cast<std::size_t>(shot));
}

std::optional<BatchKey> QueueDepth::oldest() const {
    if (unfinished_.empty()) return std::nullopt;
    return *unfinished_.begin();
}

} // namespace reeld
