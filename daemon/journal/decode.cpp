#include "daemon/journal/codec.h"
#include "daemon/journal/exact_json.h"
#include "daemon/journal/field_reader.h"
#include "daemon/journal/stable_names.h"
#include "daemon/journal/timeline.h"
#include "jobs/text/hours.h"
#include "jobs/text/utf8.h"

#include <array>

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

namespace reeld {

namespace {

ProviderError read_error(FieldReader& in) {
    std::optional<FieldReader> error = in.object("error");
    if (!error) return {};
    return {
        .code = error->text("code"), .message = error->text("message"), .details = error->text("details")};
}

std::optional<WallTime> read_wall_time(FieldReader& in, const char* name) {
    const auto at_us = in.wide_integer(name);
    if (!at_us) return std::nullopt;
    if (Duration{*at_us} > kTimeMax || Duration{*at_us} < -kTimeMax)
        in.fail(fmt::format("{} is no time", name));
    return WallTime{Duration{*at_us}};
}

Fact read_started(ShotRef, FieldReader& in) {
    return event::Started{.same_boot = in.boolean("same_boot")};
}

Fact read_batch_accepted(ShotRef subject, FieldReader&) {
    event::BatchAccepted accepted;
    accepted.batch.key = subject.batch;
    return accepted;
}

Fact read_create_intended(ShotRef shot, FieldReader& in) {
    in.require("attempt");
    return event::CreateIntended{.shot = shot,
                                 .attempt = in.integer("attempt"),
                                 .request_id = in.text("request_id"),
                                 .provider_at = read_wall_time(in, "provider_at_us"),
                                 .webhook = in.text("webhook"),
                                 .webhook_secret = in.text("webhook_secret")};
}

Fact read_create_not_sent(ShotRef shot, FieldReader& in) {
    return event::CreateNotSent{.shot = shot, .cause = in.text("cause")};
}

Fact read_create_accepted(ShotRef shot, FieldReader& in) {
    in.require("prediction");
    return event::CreateAccepted{
        .shot = shot, .prediction = in.text("prediction"), .http_status = in.integer("http_status")};
}

Fact read_create_refused(ShotRef shot, FieldReader& in) {
    const std::optional<RefusalKind> kind = refusal_named(in.text("kind"));
    if (!kind) in.fail(fmt::format("{} is no kind of refusal", quote(in.text("kind"))));
    Refusal refusal;
    refusal.kind = kind.value_or(RefusalKind::invalid_input);
    refusal.http_status = in.integer("http_status");
    refusal.error = read_error(in);
    if (const auto wait_us = in.wide_integer("retry_after_us")) refusal.retry_after = Duration{*wait_us};
    return event::CreateRefused{.shot = shot, .refusal = refusal};
}

Fact read_create_lost(ShotRef shot, FieldReader& in) {
    return event::CreateLost{.shot = shot,
                             .loss = {.http_status = in.integer("http_status"),
                                      .cause = in.text("cause"),
                                      .named = in.text("named")}};
}

SettledBy read_settled_by(FieldReader& in) {
    in.require("by");
    const std::string name = in.text("by");
    const std::optional<SettledBy> by = settled_by_named(name);
    if (!by) in.fail(fmt::format("{} settles nothing", quote(name)));
    return by.value_or(SettledBy::person);
}

Fact read_create_adopted(ShotRef shot, FieldReader& in) {
    in.require("prediction");
    return event::CreateAdopted{.shot = shot, .prediction = in.text("prediction"), .by = read_settled_by(in)};
}

Fact read_create_dismissed(ShotRef shot, FieldReader& in) {
    event::CreateDismissed dismissed{.shot = shot,
                                     .by = read_settled_by(in),
                                     .charged = in.boolean("charged"),
                                     .retry_after = std::nullopt};
    if (const auto wait_us = in.wide_integer("retry_after_us")) dismissed.retry_after = Duration{*wait_us};
    return dismissed;
}

Fact read_create_held(ShotRef shot, FieldReader& in) {
    return event::CreateHeld{.shot = shot, .reason = in.text("reason")};
}

Fact read_create_sought(ShotRef shot, FieldReader& in) {
    event::CreateSought sought{.shot = shot, .suspects = {}};
    for (FieldReader& it : in.objects("suspects")) {
        it.require("prediction");
        it.require("created_at_us");
        sought.suspects.push_back({.prediction = it.text("prediction"),
                                   .created_at = read_wall_time(it, "created_at_us").value_or(WallTime{})});
    }
    return sought;
}

Fact read_create_called(ShotRef shot, FieldReader& in) {
    in.require("prediction");
    return event::CreateCalled{.shot = shot, .prediction = in.text("prediction")};
}

Fact read_prediction_succeeded(ShotRef shot, FieldReader& in) {
    in.require("urls");
    return event::PredictionSucceeded{.shot = shot,
                                      .rendered = {.urls = in.texts("urls"),
                                                   .predict_time_s = in.number("predict_time_s"),
                                                   .cost_usd = in.number("cost_usd")}};
}

Fact read_prediction_failed(ShotRef shot, FieldReader& in) {
    event::PredictionFailed failed{.shot = shot,
                                   .failure = {.error = read_error(in),
                                               .would_fail_again = in.boolean("would_fail_again"),
                                               .predict_time_s = in.number("predict_time_s"),
                                               .cost_usd = in.number("cost_usd")},
                                   .retry_after = std::nullopt};
    if (const auto wait_us = in.wide_integer("retry_after_us")) failed.retry_after = Duration{*wait_us};
    return failed;
}

Fact read_prediction_cancelled(ShotRef shot, FieldReader&) {
    return event::PredictionCancelled{.shot = shot};
}

Fact read_prediction_overdue(ShotRef shot, FieldReader&) {
    return event::PredictionOverdue{.shot = shot};
}

Fact read_manifest_written(ShotRef subject, FieldReader&) {
    return event::ManifestWritten{.batch = subject.batch};
}

Fact read_cancel_asked(ShotRef shot, FieldReader&) {
    return event::CancelAsked{.shot = shot};
}

Fact read_paused(ShotRef subject, FieldReader&) {
    return event::Paused{.batch = subject.batch};
}

Fact read_resumed(ShotRef subject, FieldReader&) {
    return event::Resumed{.batch = subject.batch};
}

Fact read_reprioritised(ShotRef subject, FieldReader& in) {
    in.require("priority");
    const int priority = in.integer("priority");
    if (priority < -kPriorityLimit || priority > kPriorityLimit) {
        in.fail(fmt::format("{} is no priority", priority));
        return event::Reprioritised{};
    }
    return event::Reprioritised{.batch = subject.batch, .priority = static_cast<std::int16_t>(priority)};
}

Fact read_hours_set(ShotRef subject, FieldReader& in) {
    in.require("hours");
    event::HoursSet it{.batch = subject.batch, .hours = in.text("hours")};
    if (it.hours != kAnyHours && !parse_hours(it.hours))
        in.fail(fmt::format("{} are no hours", quote(it.hours)));
    return it;
}

Fact read_retry_asked(ShotRef shot, FieldReader&) {
    return event::RetryAsked{.shot = shot};
}

using FactReader = Fact (*)(ShotRef subject, FieldReader& in);

struct KindReader {
    std::string_view kind;
    FactReader read;
};

FactReader reader_of(std::string_view kind) {
    static const std::array kReaders = {
        KindReader{kind_name(event::Started{}), read_started},
        KindReader{kind_name(event::BatchAccepted{}), read_batch_accepted},
        KindReader{kind_name(event::CreateIntended{}), read_create_intended},
        KindReader{kind_name(event::CreateNotSent{}), read_create_not_sent},
        KindReader{kind_name(event::CreateAccepted{}), read_create_accepted},
        KindReader{kind_name(event::CreateRefused{}), read_create_refused},
        KindReader{kind_name(event::CreateLost{}), read_create_lost},
        KindReader{kind_name(event::CreateAdopted{}), read_create_adopted},
        KindReader{kind_name(event::CreateDismissed{}), read_create_dismissed},
        KindReader{kind_name(event::CreateHeld{}), read_create_held},
        KindReader{kind_name(event::PredictionSucceeded{}), read_prediction_succeeded},
        KindReader{kind_name(event::PredictionFailed{}), read_prediction_failed},
        KindReader{kind_name(event::PredictionCancelled{}), read_prediction_cancelled},
        KindReader{kind_name(event::PredictionOverdue{}), read_prediction_overdue},
        KindReader{kind_name(event::ManifestWritten{}), read_manifest_written},
        KindReader{kind_name(event::CancelAsked{}), read_cancel_asked},
        KindReader{kind_name(event::Paused{}), read_paused},
        KindReader{kind_name(event::Resumed{}), read_resumed},
        KindReader{kind_name(event::Reprioritised{}), read_reprioritised},
        KindReader{kind_name(event::RetryAsked{}), read_retry_asked},
        KindReader{kind_name(event::HoursSet{}), read_hours_set},
        KindReader{kind_name(event::CreateSought{}), read_create_sought},
        KindReader{kind_name(event::CreateCalled{}), read_create_called},
    };
    for (const KindReader& reader : kReaders) {
        if (reader.kind == kind) return reader.read;
    }
    return nullptr;
}

} // namespace

DecodedFact decode_fact(std::string_view kind, ShotRef subject, std::string_view body) {
    const FactReader read = reader_of(kind);
    if (read == nullptr) return {.fact = {}, .error = "this reeld knows no such kind"};
    if (body.size() > kBodyBytesMax) return {.fact = {}, .error = "the body is too long"};

    rapidjson::Document document;
    if (const rapidjson::ParseResult parsed = parse_exactly(body, document); parsed.IsError()) {
        return {.fact = {},
                .error = fmt::format("the body is no JSON at byte {}: {}", parsed.Offset(),
                                     rapidjson::GetParseError_En(parsed.Code()))};
    }
    if (!document.IsObject()) return {.fact = {}, .error = "the body is no JSON object"};

    std::string error;
    FieldReader in(document, error);
    Fact fact = read(subject, in);
    if (!error.empty()) return {.fact = {}, .error = error};
    return {.fact = std::move(fact), .error = {}};
}

} // namespace reeld
