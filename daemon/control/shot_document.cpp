#include "daemon/control/shot_document.h"

#include "daemon/app/narration.h"
#include "daemon/app/resolve.h"
#include "daemon/control/report_output.h"
#include "daemon/control/why_document.h"
#include "jobs/eachlabs/json_body.h"
#include "jobs/manifest/manifest_shot.h"

#include <fmt/format.h>

#include <algorithm>

namespace reeld {

namespace {

/// Enough to recognise a shot by.
constexpr std::size_t kPromptCharactersMax = 200;

/// The first characters of the text, whole ones.
std::string beginning(std::string_view text) {
    std::size_t bytes = 0;
    for (std::size_t count = 0; bytes < text.size() && count < kPromptCharactersMax; ++count)
        bytes += std::max<std::size_t>(1, character_at(text, bytes).bytes);
    return std::string(text.substr(0, bytes));
}

/// The prompt of an input, or the first of several.
std::string prompt_of(const std::string& input) {
    const auto document = eachlabs::parse_body(input);
    if (!document) return {};
    if (const auto prompt = eachlabs::string_member(*document, "prompt"); !prompt.empty())
        return beginning(prompt);
    const auto* several = eachlabs::member(*document, "multi_prompt");
    if (several == nullptr || !several->IsArray() || several->Empty()) return {};
    return beginning(eachlabs::string_member((*several)[0], "prompt"));
}

void add_provider_error(Json& json, const ProviderError& error) {
    json.Key("error");
    json.StartObject();
    if (!error.code.empty()) add_member(json, "code", error.code);
    add_member(json, "message", error.message);
    if (!error.details.empty()) add_member(json, "details", error.details);
    json.EndObject();
}

void add_urls(Json& json, const std::vector<std::string>& urls, ShotDetail detail) {
    if (urls.empty()) return;
    add_member(json, "url", urls.front());
    if (detail == ShotDetail::listed) return;
    json.Key("urls");
    json.StartArray();
    for (const auto& url : urls) add_text(json, url);
    json.EndArray();
}

/// How a final shot ended, as its manifest has it.
void add_end(Json& json, const ManifestShot& end, ShotDetail detail) {
    if (!end.prediction.empty()) add_member(json, "prediction_id", end.prediction);
    add_urls(json, end.rendered.urls, detail);
    add_member(json, "cost", end.cost_usd);
    add_member(json, "predict_time", end.predict_time_s);
    add_member(json, "created_at", end.created_at);
    add_member(json, "finished_at", end.finished_at);
    if (end.error) add_provider_error(json, *end.error);
}

/// What the last attempt failed of, while another one is due.
void add_last_error(Json& json, const std::vector<Event>& events) {
    const auto last = std::find_if(events.rbegin(), events.rend(), [](const Event& event) {
        return std::holds_alternative<event::PredictionFailed>(event.fact);
    });
    if (last != events.rend())
        add_provider_error(json, std::get<event::PredictionFailed>(last->fact).failure.error);
}

void add_held_member(Json& json, const Snapshot& at, ShotRef shot, const std::string& id) {
    json.Key("held");
    json.StartObject();
    add_member(json, "reason", held_because(at.journal, shot));
    add_release(json, at, shot, id);
    json.EndObject();
}

void add_active(Json& json, const Snapshot& at, ShotRef shot, const ActiveShot& active) {
    const Instant since = active.prediction.empty() ? active.intended_at : active.accepted_at;
    add_member(json, "since", at.wall_at(since));
    if (!active.prediction.empty()) add_member(json, "prediction_id", active.prediction);
    const auto belief = at.ledger.durations().belief(at.ledger.duration_kind(shot));
    if (belief.seen() > 0)
        add_member(json, "expected_s", std::chrono::duration<double>(belief.median()).count());
}

void add_details(Json& json, const StoryboardShot& shot, const std::vector<Event>& events) {
    json.Key("input");
    json.RawValue(shot.input.data(), shot.input.size(), rapidjson::kObjectType);
    if (!shot.note.empty()) add_member(json, "note", shot.note);
    if (!shot.tags.empty()) {
        json.Key("tags");
        json.StartArray();
        for (const auto& tag : shot.tags) add_text(json, tag);
        json.EndArray();
    }
    json.Key("attempts_made");
    json.StartArray();
    for (const auto& attempt : fold_attempts(events)) add_attempt(json, attempt);
    json.EndArray();
}

} // namespace

void add_release(Json& json, const Snapshot& at, ShotRef shot, const std::string& id) {
    const auto name = fmt::format("{}/{}", at.ledger.batch(shot.batch).name, id);
    const int nth = times_held(at.journal, shot);
    json.Key("release");
    json.StartArray();
    add_text(json, fmt::format("reeld resolve {} --created ID", name));
    add_text(json, fmt::format("reeld resolve {} --{}", name, not_created_words(nth, '=')));
    json.EndArray();
    add_member(json, "nth", nth);
}

std::string held_because(const Journal& journal, ShotRef shot) {
    std::string cause;
    for (const auto& event : journal.events_of(shot)) {
        if (const auto* lost = std::get_if<event::CreateLost>(&event.fact)) cause = lost->loss.cause;
        if (const auto* held = std::get_if<event::CreateHeld>(&event.fact)) cause += "; " + held->reason;
    }
    return cause;
}

void add_shot_document(Json& json, const Snapshot& at, ShotRef shot, ShotDetail detail) {
    const auto& record = at.ledger.shot(shot);
    const auto row = at.journal.shot(shot).shot;
    const bool untouched = record.state == ShotState::queued && record.attempts == 0;
    const auto events =
        untouched && detail == ShotDetail::listed ? std::vector<Event>{} : at.journal.events_of(shot);
    json.StartObject();
    add_member(json, "shot", row.id);
    add_member(json, "index", shot.index);
    add_member(json, "state", state_key(record.state));
    add_member(json, "model", row.model);
    add_member(json, "attempts", record.attempts);
    if (const auto prompt = prompt_of(row.input); !prompt.empty()) add_member(json, "prompt", prompt);
    if (row.clip_seconds > 0) add_member(json, "clip_seconds", row.clip_seconds);
    if (is_final(record.state)) {
        add_end(json, fold_shot(at.ledger.batch(shot.batch).name, shot.index, row, events), detail);
    } else {
        add_last_error(json, events);
        add_why_member(json, at, shot);
    }
    if (const auto active = at.ledger.active().find(shot); active != at.ledger.active().end())
        add_active(json, at, shot, active->second);
    if (record.state == ShotState::held) add_held_member(json, at, shot, row.id);
    if (detail == ShotDetail::whole) add_details(json, row, events);
    json.EndObject();
}

} // namespace reeld
