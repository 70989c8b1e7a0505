#include "daemon/cli/run_summary.h"

#include "daemon/app/resolve.h"
#include "daemon/control/json_output.h"
#include "jobs/manifest/manifest_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace reeld {

namespace {

struct HeldShot {
    std::string id;
    std::string cause;
    int nth = 1; ///< See Finding.
};

std::vector<HeldShot> held_with_causes(const Ledger& ledger, const Journal& journal, BatchKey batch) {
    std::vector<HeldShot> held;
    for (const auto& [ref, expires] : ledger.lost()) {
        if (ref.batch != batch || ledger.shot(ref).state != ShotState::held) continue;
        HeldShot shot{.id = journal.shot(ref).shot.id, .cause = {}, .nth = times_held(journal, ref)};
        for (const auto& event : journal.events_of(ref)) {
            if (const auto* lost = std::get_if<event::CreateLost>(&event.fact)) shot.cause = lost->loss.cause;
            if (const auto* it = std::get_if<event::CreateHeld>(&event.fact)) shot.cause += "; " + it->reason;
        }
        held.push_back(std::move(shot));
    }
    return held;
}

std::string_view status_of(const BatchRecord& batch) {
    if (!batch.manifest_written) return "unfinished";
    const auto total = static_cast<std::uint32_t>(batch.shots.size());
    return batch_status({.total = total,
                         .succeeded = batch.count(ShotState::succeeded),
                         .failed = batch.count(ShotState::failed),
                         .cancelled = batch.count(ShotState::cancelled)});
}

void add_text(std::string& text, const BatchRecord& batch, const BatchRow& row,
              const std::vector<HeldShot>& held, const std::string& command) {
    text += fmt::format("{}: {} of {} shots succeeded", row.name, batch.count(ShotState::succeeded),
                        batch.shots.size());
    if (const auto failed = batch.count(ShotState::failed); failed > 0)
        text += fmt::format(", {} failed", failed);
    if (const auto gone = batch.count(ShotState::cancelled); gone > 0)
        text += fmt::format(", {} cancelled", gone);
    if (!held.empty()) text += fmt::format(", {} held", held.size());
    const char* file = batch.manifest_written ? "manifest.json" : "manifest.jsonl (so far)";
    text += fmt::format("\n  {}/{}\n", row.folder, file);
    for (const auto& shot : held) text += fmt::format("  held: {}: {}\n", shot.id, shot.cause);
    if (held.empty()) return;
    text += fmt::format(
        "  A held shot may have been billed, so it is not sent again by itself. Look for it at the "
        "provider, then run one of\n    {0} --resolve {1}=created:ID\n    {0} --resolve "
        "{1}={2}\n",
        command, fmt::format("{}/{}", row.name, held.front().id), not_created_words(held.front().nth, ':'));
}

void add_json(Json& json, const BatchRecord& batch, const BatchRow& row, const std::vector<HeldShot>& held) {
    json.StartObject();
    add_member(json, "batch", row.name);
    add_member(json, "status", status_of(batch));
    json.Key("counts");
    json.StartObject();
    json.Key("total");
    json.Uint64(batch.shots.size());
    for (const auto state :
         {ShotState::queued, ShotState::creating, ShotState::rendering, ShotState::in_doubt, ShotState::held,
          ShotState::succeeded, ShotState::failed, ShotState::cancelled}) {
        std::string word(to_word(state));
        std::replace(word.begin(), word.end(), ' ', '_');
        json.Key(word.data(), static_cast<rapidjson::SizeType>(word.size()));
        json.Uint(batch.count(state));
    }
    json.EndObject();
    add_member(json, "folder", row.folder);
    if (batch.manifest_written) add_member(json, "manifest", row.folder + "/manifest.json");
    json.Key("held");
    json.StartArray();
    for (const auto& shot : held) {
        json.StartObject();
        add_member(json, "shot", shot.id);
        add_member(json, "cause", shot.cause);
        add_member(json, "nth", shot.nth);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
}

} // namespace

RunSummary summarize_run(const Ledger& ledger, const Journal& journal, std::span<const BatchKey> batches,
                         Instant now, const std::string& command) {
    RunSummary summary;
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    json.Key("batches");
    json.StartArray();
    for (const BatchKey batch : batches) {
        const auto row = journal.batch(batch);
        const auto held = held_with_causes(ledger, journal, batch);
        add_text(summary.text, ledger.batch(batch), row, held, command);
        add_json(json, ledger.batch(batch), row, held);
    }
    json.EndArray();
    if (const auto* suspension = ledger.account().suspension(now)) {
        add_member(json, "suspended", suspension->message);
        summary.text +=
            fmt::format("creates are suspended, {}: {}\n", to_words(suspension->reason), suspension->message);
    }
    json.EndObject();
    summary.json = {buffer.GetString(), buffer.GetSize()};
    return summary;
}

} // namespace reeld
