// What the control API answers to questions.

#include "daemon/control/batch_report.h"
#include "daemon/control/control_api.h"
#include "daemon/control/control_reply.h"
#include "daemon/control/shot_document.h"
#include "daemon/control/why_document.h"
#include "jobs/text/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

namespace reeld {

namespace {

/// Enough for a completion's list; more is nobody's to look through.
constexpr std::size_t kNamesMax = 2000;

/// Shots of a report that are read in one turn: some milliseconds.
constexpr std::uint32_t kReportShotsPerTurn = 100;

std::optional<ShotState> state_named(std::string_view word) {
    for (std::size_t number = 0; number < kShotStates; ++number) {
        const auto state = static_cast<ShotState>(number);
        if (state_key(state) == word) return state;
    }
    return std::nullopt;
}

/// The shots of a batch that are in `state`, or all; from the `offset`-th on, at most `limit`.
struct PageOfShots {
    std::vector<std::uint32_t> indices;
    std::size_t total = 0;
};
PageOfShots page_of_shots(const BatchRecord& batch, std::optional<ShotState> state, std::size_t offset,
                          std::size_t limit) {
    PageOfShots page;
    for (std::uint32_t index = 0; index < batch.shots.size(); ++index) {
        if (state && batch.shots[index].state != *state) continue;
        if (page.total++ >= offset && page.indices.size() < limit) page.indices.push_back(index);
    }
    return page;
}

void add_names(Json& json, const char* key, const std::vector<std::string>& names) {
    json.Key(key);
    json.StartArray();
    for (const auto& name : names) add_text(json, name);
    json.EndArray();
}

} // namespace

void ControlApi::ask(const http::Request& request, const http::Respond& respond, ControlCall call,
                     const Subject& subject) {
    switch (call) {
    case ControlCall::status:
        return respond(json_reply(status_document(Snapshot(parts_.app), about_, notes_)));
    case ControlCall::names: return respond(json_reply(names(request)));
    case ControlCall::history: return respond(json_reply(history_document()));
    case ControlCall::told: {
        const auto after = to_number<std::uint64_t>(request.query_value("after").value_or(""));
        return respond(json_reply(told_.since(after.value_or(0))));
    }
    case ControlCall::events: return stream(respond);
    case ControlCall::batch: return respond(page_of(request, subject.batch));
    case ControlCall::report: return report(request, respond, subject.batch);
    case ControlCall::why: return respond(json_reply(why_page(*subject.shot)));
    default: return respond(json_reply(shot_page(*subject.shot)));
    }
}

http::Reply ControlApi::page_of(const http::Request& request, BatchKey batch) {
    constexpr std::uint32_t kLimit = 200;
    const auto offset = to_number<std::uint32_t>(request.query_value("offset").value_or("0"));
    const auto limit =
        to_number<std::uint32_t>(request.query_value("limit").value_or(std::to_string(kLimit)));
    const auto word = request.query_value("state");
    const auto state = word ? state_named(*word) : std::nullopt;
    if (!offset || !limit || *limit > page_shots_max || (word && !state)) {
        return refusal_reply({.status = 400,
                              .message = "the page that was asked for cannot be",
                              .remedy = fmt::format("offset and limit are numbers, limit at most {}; state "
                                                    "is a shot's, such as in_doubt",
                                                    page_shots_max)});
    }
    const Snapshot at(parts_.app);
    const auto page = page_of_shots(at.ledger.batch(batch), state, *offset, *limit);
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    add_batch_members(json, at, notes_, batch);
    json.Key("shots");
    json.StartArray();
    for (const auto index : page.indices)
        add_shot_document(json, at, {.batch = batch, .index = index}, ShotDetail::listed);
    json.EndArray();
    add_member(json, "offset", *offset);
    add_member(json, "total", page.total);
    json.EndObject();
    return json_reply(text_of(buffer));
}

std::string ControlApi::shot_page(ShotRef shot) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    add_shot_document(json, Snapshot(parts_.app), shot, ShotDetail::whole);
    return text_of(buffer);
}

std::string ControlApi::why_page(ShotRef shot) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    const Snapshot at(parts_.app);
    json.StartObject();
    add_member(json, "batch", at.ledger.batch(shot.batch).name);
    add_member(json, "shot", at.journal.shot(shot).shot.id);
    add_why_member(json, at, shot);
    json.EndObject();
    return text_of(buffer);
}

std::string ControlApi::names(const http::Request& request) const {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    const auto& ledger = parts_.app.queue().ledger();
    std::vector<std::string> batches;
    std::vector<std::string> shots;
    const auto wanted = request.query_value("batch");
    for (const auto& [key, batch] : ledger.batches()) {
        if (!wanted) batches.push_back(batch.name);
        if (wanted && *wanted == batch.name) shots = parts_.app.journal().shot_ids(key, kNamesMax);
    }
    std::reverse(batches.begin(), batches.end()); // The newest first.
    if (batches.size() > kNamesMax) batches.resize(kNamesMax);
    json.StartObject();
    wanted ? add_names(json, "shots", shots) : add_names(json, "batches", batches);
    json.EndObject();
    return text_of(buffer);
}

std::string ControlApi::history_document() {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    add_member(json, "step_s", History::step.count());
    json.Key("points");
    json.StartArray();
    for (const auto& point : history_.until(parts_.app.loop().now().wall)) {
        json.StartObject();
        add_member(json, "at", point.at);
        add_member(json, "creates", point.creates);
        add_member(json, "in_flight", point.in_flight);
        add_member(json, "failed", point.failed);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return text_of(buffer);
}

std::string ControlApi::changed_shots(BatchKey batch, const std::set<std::uint32_t>& shots) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    const Snapshot at(parts_.app);
    json.StartObject();
    add_member(json, "batch", at.ledger.batch(batch).name);
    json.Key("shots");
    json.StartArray();
    for (const auto index : shots)
        add_shot_document(json, at, {.batch = batch, .index = index}, ShotDetail::listed);
    json.EndArray();
    json.EndObject();
    return text_of(buffer);
}

std::string ControlApi::reload_of(BatchKey batch) const {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    add_member(json, "batch", parts_.app.queue().ledger().batch(batch).name);
    add_member(json, "reload", true);
    json.EndObject();
    return text_of(buffer);
}

void ControlApi::report(const http::Request& request, const http::Respond& respond, BatchKey batch) {
    const bool is_text = request.query_value("format") == std::optional<std::string_view>("text");
    const auto form = is_text ? ReportForm::text : ReportForm::json;
    const auto report =
        std::make_shared<BatchReport>(form, parts_.app.journal(), parts_.app.queue().ledger(), batch);
    report_on(report, form, respond);
}

void ControlApi::report_on(const std::shared_ptr<BatchReport>& report, ReportForm form,
                           const http::Respond& respond) {
    if (!respond.wanted()) return;
    if (report->add_some(kReportShotsPerTurn))
        return parts_.app.after_commit([this, report, form, respond] { report_on(report, form, respond); });
    if (form == ReportForm::text) {
        return respond({.body = report->whole(), .content_type = "text/plain; charset=utf-8"});
    }
    const std::array<std::string, 1> only = {report->whole()};
    respond(json_reply(report_json(only)));
}

void ControlApi::stream(const http::Respond& respond) {
    auto listener = feed_.listen();
    if (!listener) {
        return respond(refusal_reply(
            {.status = 503,
             .message = fmt::format("{} pages and programs listen already", ChangeFeed::listeners_max),
             .remedy = "close some of them"}));
    }
    respond({.content_type = "text/event-stream",
             .headers = {{"Cache-Control", "no-store"}},
             .stream = std::move(listener)});
}

} // namespace reeld
