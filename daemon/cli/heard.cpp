// What was heard of a daemon's batches, in numbers and in words.

#include "daemon/cli/follow.h"
#include "daemon/cli/status_output.h"
#include "daemon/control/json_output.h"
#include "jobs/eachlabs/json_body.h"

#include <algorithm>
#include <fmt/format.h>

namespace reeld {

namespace {

using eachlabs::member;
using eachlabs::string_member;

const rapidjson::Value& part(const rapidjson::Value& object, const char* name) {
    static const rapidjson::Value kNone(rapidjson::kObjectType);
    const auto* found = member(object, name);
    return found == nullptr ? kNone : *found;
}

std::int64_t counted(const rapidjson::Value& batch, const char* state) {
    return number_of(part(batch, "counts"), state);
}

bool is_finished(const rapidjson::Value& batch) {
    return string_member(batch, "state") == "finished";
}

/// Whether nothing but held shots is left of a batch.
bool only_held_left(const rapidjson::Value& batch) {
    const auto final_ones =
        counted(batch, "succeeded") + counted(batch, "failed") + counted(batch, "cancelled");
    const auto held = counted(batch, "held");
    return held > 0 && final_ones + held == counted(batch, "total");
}

ShotState state_of(std::string_view key) {
    for (const auto state :
         {ShotState::creating, ShotState::rendering, ShotState::in_doubt, ShotState::held}) {
        if (state_key(state) == key) return state;
    }
    return ShotState::creating;
}

/// The account's slots, or an empty list.
std::vector<const rapidjson::Value*> slots_of(const rapidjson::Value& status) {
    std::vector<const rapidjson::Value*> slots;
    const auto* list = member(part(status, "account"), "in_slots");
    if (list == nullptr || !list->IsArray()) return slots;
    for (const auto& slot : list->GetArray()) slots.push_back(&slot);
    return slots;
}

/// Only a person can help: the key or the balance, and nothing is under way that could change it.
bool stuck_on_account(const rapidjson::Value& status) {
    const auto reason = string_member(part(part(status, "account"), "suspended"), "reason");
    if (reason != "key_rejected" && reason != "no_balance") return false;
    return std::ranges::all_of(slots_of(status),
                               [](const auto* slot) { return string_member(*slot, "state") == "held"; });
}

bool is_one_of(const std::vector<rapidjson::Document>& batches, std::string_view name) {
    return std::ranges::any_of(batches,
                               [&](const auto& batch) { return string_member(batch, "batch") == name; });
}

ActiveLine slot_line(const rapidjson::Value& slot, const rapidjson::Value& now, bool with_batch) {
    std::string name(string_member(slot, "shot"));
    if (with_batch) name = fmt::format("{}/{}", string_member(slot, "batch"), name);
    ActiveLine line{.name = std::move(name),
                    .state = state_of(string_member(slot, "state")),
                    .attempt = static_cast<int>(number_of(slot, "attempt")),
                    .age = {},
                    .expected = std::nullopt};
    const rapidjson::Value none;
    if (const auto since = between(part(slot, "since"), now, "now")) line.age = *since;
    const auto* expected = member(slot, "expected_s");
    if (expected != nullptr && expected->IsNumber())
        line.expected =
            std::chrono::duration_cast<Duration>(std::chrono::duration<double>(expected->GetDouble()));
    return line;
}

std::vector<const rapidjson::Value*> held_of(const Heard& heard, std::string_view batch) {
    std::vector<const rapidjson::Value*> held;
    const auto* list = member(heard.status, "held");
    if (list == nullptr || !list->IsArray()) return held;
    for (const auto& shot : list->GetArray()) {
        if (string_member(shot, "batch") == batch) held.push_back(&shot);
    }
    return held;
}

} // namespace

std::optional<ExitCode> Heard::end() const {
    bool all_ended = true;
    bool all_finished = true;
    bool all_succeeded = true;
    for (const auto& batch : batches) {
        all_finished = all_finished && is_finished(batch);
        all_ended = all_ended && (is_finished(batch) || only_held_left(batch));
        all_succeeded = all_succeeded && counted(batch, "succeeded") == counted(batch, "total");
    }
    if (all_finished && all_succeeded) return ExitCode::succeeded;
    if (all_ended) return ExitCode::some_failed;
    return stuck_on_account(status) ? std::optional(ExitCode::suspended) : std::nullopt;
}

ProgressView progress_of(const Heard& heard) {
    ProgressView view;
    for (const auto& batch : heard.batches) {
        view.succeeded += static_cast<std::uint32_t>(counted(batch, "succeeded"));
        view.failed += static_cast<std::uint32_t>(counted(batch, "failed") + counted(batch, "cancelled"));
        view.held += static_cast<std::uint32_t>(counted(batch, "held"));
        view.total += static_cast<std::uint32_t>(counted(batch, "total"));
        const auto& now = part(heard.status, "now");
        if (const auto left = between(now, part(batch, "eta"), "latest"))
            view.remaining = std::max(view.remaining.value_or(Duration::zero()), *left);
        if (view.waiting.empty()) view.waiting = std::string(string_member(batch, "waits"));
    }
    for (const auto* slot : slots_of(heard.status)) {
        if (is_one_of(heard.batches, string_member(*slot, "batch")))
            view.active.push_back(slot_line(*slot, heard.status, heard.batches.size() > 1));
    }
    const auto& account = part(heard.status, "account");
    view.slots_taken = static_cast<int>(number_of(account, "slots_taken"));
    view.slots = static_cast<int>(number_of(account, "slots_now"));
    view.tokens = static_cast<int>(number_of(account, "tokens"));
    view.tokens_max = static_cast<int>(number_of(account, "creates"));
    return view;
}

std::string summary_text(const Heard& heard) {
    std::string text;
    for (const auto& batch : heard.batches) {
        text += batch_sentence(batch);
        const char* file = is_finished(batch) ? "manifest.json" : "manifest.jsonl (so far)";
        text += fmt::format("\n  {}/{}\n", string_member(batch, "folder"), file);
        for (const auto* shot : held_of(heard, string_member(batch, "batch"))) {
            text +=
                fmt::format("  held: {}: {}\n", string_member(*shot, "shot"), string_member(*shot, "reason"));
            const auto* release = member(*shot, "release");
            if (release == nullptr || !release->IsArray()) continue;
            for (const auto& command : release->GetArray())
                text += fmt::format("    {}\n", eachlabs::string_of(command));
        }
    }
    const auto& suspended = part(part(heard.status, "account"), "suspended");
    if (const auto words = string_member(suspended, "words"); !words.empty())
        text += fmt::format("creates are suspended, {}: {}\n", words, string_member(suspended, "message"));
    return text;
}

std::string summary_json(const Heard& heard) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    json.Key("batches");
    json.StartArray();
    for (const auto& batch : heard.batches) {
        json.StartObject();
        add_member(json, "batch", string_member(batch, "batch"));
        add_member(json, "status", is_finished(batch) ? string_member(batch, "status") : "unfinished");
        json.Key("counts");
        part(batch, "counts").Accept(json);
        const std::string folder(string_member(batch, "folder"));
        add_member(json, "folder", folder);
        if (is_finished(batch)) add_member(json, "manifest", folder + "/manifest.json");
        json.Key("held");
        json.StartArray();
        for (const auto* shot : held_of(heard, string_member(batch, "batch"))) {
            json.StartObject();
            add_member(json, "shot", string_member(*shot, "shot"));
            add_member(json, "cause", string_member(*shot, "reason"));
            add_member(json, "nth", number_of(*shot, "nth"));
            json.EndObject();
        }
        json.EndArray();
        json.EndObject();
    }
    json.EndArray();
    const auto& suspended = part(part(heard.status, "account"), "suspended");
    if (suspended.MemberCount() > 0) add_member(json, "suspended", string_member(suspended, "message"));
    json.EndObject();
    return text_of(buffer);
}

} // namespace reeld
