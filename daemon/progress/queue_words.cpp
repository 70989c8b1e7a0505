#include "daemon/progress/queue_words.h"

#include "daemon/progress/waiting.h"

#include <fmt/format.h>

#include <vector>

namespace reeld {

namespace {

struct Sums {
    std::vector<BatchKey> batches;
    std::size_t shots = 0;
    std::size_t ended = 0;
    std::size_t held = 0;
    std::size_t at_provider = 0; ///< Or perhaps.
};

Sums sums_of(const Ledger& ledger) {
    Sums sums;
    for (const auto& [key, batch] : ledger.batches()) {
        if (batch.manifest_written) continue;
        sums.batches.push_back(key);
        sums.shots += batch.shots.size();
        sums.ended += batch.final_count();
        sums.held += batch.count(ShotState::held);
        sums.at_provider += batch.count(ShotState::creating) + batch.count(ShotState::rendering) +
                            batch.count(ShotState::in_doubt);
    }
    return sums;
}

} // namespace

std::string queue_words(const Ledger& ledger, Instant now) {
    const Sums sums = sums_of(ledger);
    if (sums.batches.empty()) return "nothing to render";
    std::string words =
        fmt::format("{} {}: {} of {} shots have ended, {} at the provider", sums.batches.size(),
                    sums.batches.size() == 1 ? "batch" : "batches", sums.ended, sums.shots, sums.at_provider);
    if (sums.held > 0) words += fmt::format(", {} held for you: 'reeld status' says why", sums.held);
    // Without times: the line stands until something happens.
    const auto reason = why_waiting(ledger, sums.batches, now).reason;
    if (reason == WaitReason::suspended) words += "; creates are suspended";
    if (reason == WaitReason::paused) words += "; paused by a person";
    return words;
}

} // namespace reeld
