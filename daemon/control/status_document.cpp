#include "daemon/control/status_document.h"

#include "daemon/app/narration.h"
#include "daemon/control/shot_document.h"
#include "daemon/version.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace reeld {

namespace {

std::string_view suspension_key(SuspensionReason reason) {
    switch (reason) {
    case SuspensionReason::key_rejected: return "key_rejected";
    case SuspensionReason::no_balance: return "no_balance";
    case SuspensionReason::too_many_running: return "too_many_running";
    case SuspensionReason::too_fast: return "too_fast";
    case SuspensionReason::unreachable: return "unreachable";
    case SuspensionReason::answers_lost: break;
    }
    return "answers_lost";
}

void add_suspension(Json& json, const Snapshot& at, const Suspension& suspension) {
    json.Key("suspended");
    json.StartObject();
    add_member(json, "reason", suspension_key(suspension.reason));
    add_member(json, "words", to_words(suspension.reason));
    add_member(json, "since", at.wall_at(suspension.since));
    if (suspension.until != Instant::max()) add_member(json, "until", at.wall_at(suspension.until));
    add_member(json, "message", suspension.message);
    json.EndObject();
}

void add_slot(Json& json, const Snapshot& at, ShotRef shot, const ActiveShot& active) {
    json.StartObject();
    add_member(json, "batch", at.ledger.batch(shot.batch).name);
    add_member(json, "shot", at.journal.shot(shot).shot.id);
    add_member(json, "state", state_key(at.ledger.shot(shot).state));
    add_member(json, "attempt", at.ledger.shot(shot).attempts);
    add_member(json, "since",
               at.wall_at(active.prediction.empty() ? active.intended_at : active.accepted_at));
    if (!active.prediction.empty()) add_member(json, "prediction_id", active.prediction);
    const auto belief = at.ledger.durations().belief(at.ledger.duration_kind(shot));
    if (belief.seen() > 0)
        add_member(json, "expected_s", std::chrono::duration<double>(belief.median()).count());
    json.EndObject();
}

/// Whether a shot keeps a slot: one whose create was lost gives it back some day, though it is not settled.
bool keeps_slot(const Snapshot& at, ShotRef shot) {
    const auto lost = at.ledger.lost().find(shot);
    return lost == at.ledger.lost().end() || lost->second > at.now.at;
}

void add_slots(Json& json, const Snapshot& at) {
    json.Key("in_slots");
    json.StartArray();
    for (const auto& [shot, active] : at.ledger.active()) {
        if (keeps_slot(at, shot)) add_slot(json, at, shot, active);
    }
    json.EndArray();
}

void add_account(Json& json, const Snapshot& at) {
    const auto& tokens = at.ledger.tokens();
    json.Key("account");
    json.StartObject();
    add_member(json, "creates", tokens.limit().capacity);
    add_member(json, "per_s", std::chrono::duration<double>(tokens.limit().window).count());
    const int available = tokens.available(at.now.at);
    add_member(json, "tokens", available);
    const Instant next = tokens.ready_at(at.now.at);
    if (available == 0 && next != Instant::max()) add_member(json, "next_token_at", at.wall_at(next));
    add_member(json, "slots", at.ledger.rules().slots);
    add_member(json, "slots_now", at.ledger.account().slots(at.now.at));
    add_member(json, "slots_taken", at.ledger.slots_taken(at.now.at));
    add_member(json, "paused", at.ledger.paused().contains(kAllBatches));
    if (const auto* suspension = at.ledger.account().suspension(at.now.at))
        add_suspension(json, at, *suspension);
    add_slots(json, at);
    json.EndObject();
}

void add_held_shots(Json& json, const Snapshot& at) {
    json.Key("held");
    json.StartArray();
    std::size_t shown = 0;
    for (const auto& [shot, slot_back] : at.ledger.lost()) {
        if (at.ledger.shot(shot).state != ShotState::held) continue;
        if (++shown > kHeldShownMax) break;
        const auto id = at.journal.shot(shot).shot.id;
        const auto& batch = at.ledger.batch(shot.batch).name;
        json.StartObject();
        add_member(json, "batch", batch);
        add_member(json, "shot", id);
        add_member(json, "reason", held_because(at.journal, shot));
        add_member(json, "since", at.wall_at(at.ledger.active().at(shot).doubt->since));
        add_release(json, at, shot, id);
        json.EndObject();
    }
    json.EndArray();
    add_member(json, "held_count", at.ledger.held());
}

} // namespace

std::vector<BatchKey> batches_in_order(const Ledger& ledger) {
    std::vector<BatchKey> unfinished;
    std::vector<BatchKey> finished;
    for (const auto& [key, batch] : ledger.batches())
        (batch.manifest_written ? finished : unfinished).push_back(key);
    std::reverse(finished.begin(), finished.end());
    std::ranges::stable_sort(unfinished, std::greater{},
                             [&](BatchKey key) { return ledger.batch(key).shots.front().facts.priority; });
    unfinished.insert(unfinished.end(), finished.begin(), finished.end());
    if (unfinished.size() > kBatchesShownMax) unfinished.resize(kBatchesShownMax);
    return unfinished;
}

std::string status_document(const Snapshot& at, const AboutDaemon& about, BatchNotes& notes) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    add_member(json, "reeld", version());
    add_member(json, "now", at.now.wall);
    add_member(json, "started_at", about.started_at);
    add_member(json, "provider", about.provider);
    add_member(json, "output", about.output);
    add_member(json, "state", about.state);
    add_member(json, "journal_stalled", at.stalled);
    add_account(json, at);
    add_held_shots(json, at);
    json.Key("batches");
    json.StartArray();
    for (const BatchKey key : batches_in_order(at.ledger)) {
        json.StartObject();
        add_batch_members(json, at, notes, key);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return text_of(buffer);
}

} // namespace reeld
