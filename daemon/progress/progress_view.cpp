#include "daemon/progress/progress_view.h"

#include "daemon/app/narration.h"
#include "daemon/progress/waiting.h"
#include "jobs/queue/estimate.h"

#include <algorithm>

namespace reeld {

namespace {

ActiveLine active_shot_line(const Ledger& ledger, const Journal& journal, ShotRef ref,
                            const ActiveShot& active, bool with_batch, Instant now) {
    const auto& record = ledger.shot(ref);
    const auto belief = ledger.durations().belief(ledger.duration_kind(ref));
    ActiveLine line{.name = with_batch ? full_name(ref, journal, ledger) : journal.shot(ref).shot.id,
                    .state = record.state,
                    .attempt = record.attempts,
                    .age = now - (active.prediction.empty() ? active.intended_at : active.accepted_at),
                    .expected = std::nullopt};
    // A guess that nothing was seen of is not shown as an expectation.
    if (belief.seen() > 0) line.expected = belief.median();
    return line;
}

} // namespace

ProgressView progress_view(const Ledger& ledger, const Journal& journal, std::span<const BatchKey> batches,
                           std::size_t lines_max, Instant now) {
    ProgressView view;
    for (const BatchKey key : batches) {
        const auto& batch = ledger.batch(key);
        view.succeeded += batch.count(ShotState::succeeded);
        view.failed += batch.count(ShotState::failed) + batch.count(ShotState::cancelled);
        view.held += batch.count(ShotState::held);
        view.total += static_cast<std::uint32_t>(batch.shots.size());
    }
    for (const auto& [ref, active] : ledger.active()) {
        if (std::find(batches.begin(), batches.end(), ref.batch) == batches.end()) continue;
        const bool named = view.active.size() < lines_max;
        view.active.push_back(named ? active_shot_line(ledger, journal, ref, active, batches.size() > 1, now)
                                    : ActiveLine{});
    }
    view.slots_taken = ledger.slots_taken(now);
    view.slots = ledger.account().slots(now);
    view.tokens = ledger.tokens().available(now);
    view.tokens_max = ledger.tokens().limit().capacity;
    view.remaining = estimate_remaining(ledger, batches, now);
    view.waiting = why_waiting(ledger, batches, now).text;
    return view;
}

} // namespace reeld
