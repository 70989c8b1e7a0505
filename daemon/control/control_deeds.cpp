// What the control API does.

#include "daemon/control/control_api.h"
#include "daemon/control/control_reply.h"
#include "daemon/control/shot_document.h"
#include "jobs/eachlabs/json_body.h"
#include "jobs/text/number.h"

#include <fmt/format.h>

namespace reeld {

namespace {

Refused no_priority() {
    return {.status = 400,
            .message = "the priority is no number from -100 to 100",
            .remedy = R"(send {"priority": N})"};
}

bool is_priority(int number) {
    return number >= -kPriorityLimit && number <= kPriorityLimit;
}

/// {"created": "ID"} or {"not_created": 1}, and nothing of the other; `true` is 1.
std::optional<Finding> read_finding(std::string_view text) {
    const auto body = eachlabs::parse_body(text);
    if (!body || !body->IsObject()) return std::nullopt;
    const auto* created = eachlabs::member(*body, "created");
    const auto* not_created = eachlabs::member(*body, "not_created");
    if ((created != nullptr) == (not_created != nullptr)) return std::nullopt;
    if (created != nullptr) {
        if (!created->IsString() || created->GetStringLength() == 0) return std::nullopt;
        return Finding{.prediction = std::string(created->GetString(), created->GetStringLength())};
    }
    if (not_created->IsTrue()) return Finding{};
    if (!not_created->IsInt() || not_created->GetInt() < 1) return std::nullopt;
    return Finding{.prediction = std::nullopt, .nth = not_created->GetInt()};
}

} // namespace

void ControlApi::act(const http::Request& request, const http::Respond& respond, ControlCall call,
                     const Subject& subject) {
    const auto done = answers(respond, subject);
    switch (call) {
    case ControlCall::submit: return submit(request, respond);
    case ControlCall::pause_all:
    case ControlCall::pause: return operator_.pause(subject.batch, done);
    case ControlCall::resume_all:
    case ControlCall::resume: return operator_.resume(subject.batch, done);
    case ControlCall::cancel_batch: return operator_.cancel(subject.batch, done);
    case ControlCall::cancel_shot: return operator_.cancel(*subject.shot, done);
    case ControlCall::retry_batch: return operator_.retry(subject.batch, done);
    case ControlCall::retry_shot: return operator_.retry(*subject.shot, done);
    case ControlCall::priority: return prioritise(request, respond, subject.batch);
    default: return resolve(request, respond, *subject.shot);
    }
}

/// {"changed", "batch": BATCH, "shot": SHOT}, the last two where the deed was about one.
Operator::Done ControlApi::answers(const http::Respond& respond, const Subject& subject) {
    return [this, respond, subject](const Operator::Outcome& outcome) {
        if (outcome.refused) return respond(refusal_reply(*outcome.refused));
        const Snapshot at(parts_.app);
        rapidjson::StringBuffer buffer;
        Json json(buffer);
        json.StartObject();
        add_member(json, "changed", outcome.changed);
        if (subject.batch == kAllBatches) {
            add_member(json, "paused", at.ledger.paused().contains(kAllBatches));
        } else {
            json.Key("batch");
            json.StartObject();
            add_batch_members(json, at, notes_, subject.batch);
            json.EndObject();
        }
        if (subject.shot) {
            json.Key("shot");
            add_shot_document(json, at, *subject.shot, ShotDetail::listed);
        }
        json.EndObject();
        respond(json_reply(text_of(buffer)));
    };
}

void ControlApi::submit(const http::Request& request, const http::Respond& respond) {
    const std::string name(request.query_value("name").value_or(""));
    Submission wish{.yaml = std::string(request.body),
                    .default_name = name.empty() ? "storyboard" : name,
                    .file = std::string(request.query_value("file").value_or("")),
                    .again = request.query_value("again") == std::optional<std::string_view>("1"),
                    .after = std::string(request.query_value("after").value_or("")),
                    .wishes = {.priority = std::nullopt,
                               .now = request.query_value("now") == std::optional<std::string_view>("1")}};
    if (wish.file.empty()) wish.file = wish.default_name + ".yaml";
    if (const auto word = request.query_value("priority")) {
        auto& priority = wish.wishes.priority = to_number<int>(*word);
        if (!priority || !is_priority(*priority)) return respond(refusal_reply(no_priority()));
    }
    submissions_.submit(std::move(wish), respond);
}

void ControlApi::resolve(const http::Request& request, const http::Respond& respond, ShotRef shot) {
    const auto finding = read_finding(request.body);
    if (!finding) {
        return respond(
            refusal_reply({.status = 400,
                           .message = "it is not said what became of the create",
                           .remedy = R"(send {"created": "ID"}, or {"not_created": 1} where the "nth" )"
                                     "of the held shot is 1"}));
    }
    operator_.resolve(shot, *finding, answers(respond, {.batch = shot.batch, .shot = shot}));
}

void ControlApi::prioritise(const http::Request& request, const http::Respond& respond, BatchKey batch) {
    const auto body = eachlabs::parse_body(request.body);
    const auto* number = body ? eachlabs::member(*body, "priority") : nullptr;
    if (number == nullptr || !number->IsInt() || !is_priority(number->GetInt()))
        return respond(refusal_reply(no_priority()));
    operator_.prioritise(batch, number->GetInt(), answers(respond, {.batch = batch, .shot = std::nullopt}));
}

} // namespace reeld
