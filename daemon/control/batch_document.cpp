#include "daemon/control/batch_document.h"

#include "daemon/progress/why_text.h"
#include "jobs/manifest/manifest_text.h"
#include "jobs/queue/batch_state.h"

#include <algorithm>
#include <array>

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

/// What the next of its queued shots waits for: the first of those with the highest priority.
std::string next_waits(const Snapshot& at, BatchKey key) {
    const auto& shots = at.ledger.batch(key).shots;
    std::optional<std::uint32_t> next;
    for (std::uint32_t index = 0; index < shots.size(); ++index) {
        if (shots[index].state != ShotState::queued) continue;
        if (!next || shots[index].facts.priority > shots[*next].facts.priority) next = index;
    }
    if (!next) return "";
    return why_text(why_waits(at.queue, {.batch = key, .index = *next}, at.now.at), at.ledger, at.now.at);
}

std::string_view final_status(const BatchRecord& batch) {
    return batch_status({.total = static_cast<std::uint32_t>(batch.shots.size()),
                         .succeeded = batch.count(ShotState::succeeded),
                         .failed = batch.count(ShotState::failed),
                         .cancelled = batch.count(ShotState::cancelled)});
}

} // namespace

const BatchRow& BatchNotes::row(const Journal& journal, BatchKey key) {
    const auto known = rows_.find(key);
    return known != rows_.end() ? known->second : rows_.emplace(key, journal.batch(key)).first->second;
}

std::optional<Forecast> BatchNotes::forecast(const Queue& queue, BatchKey key, Instant now) {
    constexpr Duration kAgeMax = std::chrono::seconds{1};
    if (!forecast_at_ || now - *forecast_at_ >= kAgeMax) {
        forecasts_ = reeld::forecast(queue.ledger(), now, queue.scheduler().hours());
        forecast_at_ = now;
    }
    const auto found = forecasts_.find(key);
    return found == forecasts_.end() ? std::nullopt : std::optional(found->second);
}

void BatchNotes::note(const Event& event) {
    if (const auto* written = std::get_if<event::ManifestWritten>(&event.fact)) rows_.erase(written->batch);
    // A pause or another priority is to show at once; what comes by the hundred waits for its second.
    const bool by_a_person = std::holds_alternative<event::Paused>(event.fact) ||
                             std::holds_alternative<event::Resumed>(event.fact) ||
                             std::holds_alternative<event::Reprioritised>(event.fact) ||
                             std::holds_alternative<event::HoursSet>(event.fact) ||
                             std::holds_alternative<event::BatchAccepted>(event.fact);
    if (by_a_person) forecast_at_.reset();
}

std::string_view state_of_batch(const Ledger& ledger, BatchKey key) {
    const bool paused = ledger.paused().contains(key) || ledger.paused().contains(kAllBatches);
    return to_word(batch_state(ledger.batch(key), paused));
}

void add_batch_members(Json& json, const Snapshot& at, BatchNotes& notes, BatchKey key) {
    const auto& batch = at.ledger.batch(key);
    const auto& row = notes.row(at.journal, key);
    add_member(json, "batch", batch.name);
    add_member(json, "state", state_of_batch(at.ledger, key));
    if (batch.manifest_written) add_member(json, "status", final_status(batch));
    add_member(json, "priority", batch.shots.front().facts.priority);
    add_member(json, "paused", at.ledger.paused().contains(key));
    if (!batch.hours.empty()) add_member(json, "hours", batch.hours);
    add_counts(json, batch);
    add_member(json, "accepted_at", batch.accepted.wall);
    if (batch.manifest_written) add_member(json, "finished_at", row.finished_at->wall);
    add_member(json, "folder", row.folder);
    if (batch.cost_usd > 0) add_member(json, "cost", batch.cost_usd);
    if (batch.manifest_written) return;
    if (const auto text = next_waits(at, key); !text.empty()) add_member(json, "waits", text);
    const auto forecast = notes.forecast(at.queue, key, at.now.at);
    if (!forecast) return;
    json.Key("eta");
    json.StartObject();
    add_member(json, "earliest", at.wall_at(forecast->earliest));
    add_member(json, "latest", at.wall_at(forecast->latest));
    json.EndObject();
}

} // namespace reeld
