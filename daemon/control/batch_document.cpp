#include "daemon/control/batch_document.h"

#include "daemon/progress/waiting.h"
#include "jobs/manifest/manifest_text.h"

#include <array>
#include <span>

namespace reeld {

namespace {

constexpr std::array<ShotState, kShotStates> kAllStates = {
    ShotState::queued, ShotState::creating,  ShotState::rendering, ShotState::in_doubt,
    ShotState::held,   ShotState::succeeded, ShotState::failed,    ShotState::cancelled};

void add_counts(Json& json, const BatchRecord& batch) {
    json.Key("counts");
    json.StartObject();
    add_member(json, "total", batch.shots.size());
    for (const ShotState state : kAllStates) add_member(json, state_key(state).c_str(), batch.count(state));
    json.EndObject();
}

bool anything_active(const BatchRecord& batch) {
    return batch.count(ShotState::creating) + batch.count(ShotState::rendering) +
               batch.count(ShotState::in_doubt) >
           0;
}

std::string_view final_status(const BatchRecord& batch) {
    return batch_status({.total = static_cast<std::uint32_t>(batch.shots.size()),
                         .succeeded = batch.count(ShotState::succeeded),
                         .failed = batch.count(ShotState::failed),
                         .cancelled = batch.count(ShotState::cancelled)});
}

} // namespace

const BatchRow& BatchRows::of(const Journal& journal, BatchKey key) {
    const auto known = rows_.find(key);
    return known != rows_.end() ? known->second : rows_.emplace(key, journal.batch(key)).first->second;
}

void BatchRows::note(const Event& event) {
    if (const auto* written = std::get_if<event::ManifestWritten>(&event.fact)) rows_.erase(written->batch);
}

std::string_view state_of_batch(const Ledger& ledger, BatchKey key) {
    const auto& batch = ledger.batch(key);
    if (batch.manifest_written) return "finished";
    if (ledger.paused().contains(key) || ledger.paused().contains(kAllBatches)) return "paused";
    return anything_active(batch) ? "running" : "waiting";
}

void add_batch_members(Json& json, const Snapshot& at, BatchRows& rows, BatchKey key) {
    const auto& batch = at.ledger.batch(key);
    const auto& row = rows.of(at.journal, key);
    add_member(json, "batch", batch.name);
    add_member(json, "state", state_of_batch(at.ledger, key));
    if (batch.manifest_written) add_member(json, "status", final_status(batch));
    add_member(json, "paused", at.ledger.paused().contains(key));
    add_counts(json, batch);
    add_member(json, "accepted_at", batch.accepted.wall);
    if (batch.manifest_written) add_member(json, "finished_at", row.finished_at);
    add_member(json, "folder", row.folder);
    if (batch.cost_usd > 0) add_member(json, "cost", batch.cost_usd);
    if (batch.manifest_written) return;
    const std::array<BatchKey, 1> only = {key};
    const auto waiting = why_waiting(at.ledger, only, at.now.at);
    if (!waiting.text.empty()) add_member(json, "waits", waiting.text);
}

} // namespace reeld
