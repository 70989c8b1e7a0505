#include "tests/jobs/queue/driven_queue.h"

#include <fmt/format.h>

#include <stdexcept>

namespace reeld::test {

Stamp stamp_at(Instant at) {
    constexpr WallTime kWallAtZero{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
    return {.at = at, .wall = kWallAtZero + at.time_since_epoch()};
}

std::vector<ShotFacts> shots(std::size_t count, std::int16_t priority) {
    return std::vector<ShotFacts>(count, ShotFacts{.model = 0, .priority = priority, .clip_seconds = 5});
}

Failure failure(std::string code, bool would_fail_again) {
    return {.error = {.code = std::move(code), .message = "It did not work.", .details = {}},
            .would_fail_again = would_fail_again,
            .predict_time_s = {},
            .cost_usd = {}};
}

Refusal refusal(RefusalKind kind, std::optional<Duration> retry_after) {
    return {.kind = kind,
            .http_status = 429,
            .error = {.code = "refused", .message = "No.", .details = {}},
            .retry_after = retry_after};
}

Ledger::Rules account_rules(int creates, int slots, Duration typical) {
    return {.creates = {.capacity = creates, .window = 60s},
            .slots = slots,
            .attempts = 3,
            .backoff = {},
            .give_up = 1h,
            .settle = 2min,
            .typical = {{"model", typical}}};
}

DrivenQueue::DrivenQueue(const Ledger::Rules& rules, const Scheduler::Options& options)
    : options_(options), queue_(rules, options) {
    record(event::Started{});
}

void DrivenQueue::record(Fact fact) {
    const Event event{.stamp = stamp_at(now), .fact = std::move(fact)};
    if (const auto why = queue_.why_illegal(event); !why.empty()) throw std::logic_error(why);
    queue_.apply(event);
    if (is_durable(event.fact)) durable_.push_back(event);
    if (const auto* accepted = std::get_if<event::CreateAccepted>(&event.fact))
        ours_.push_back(accepted->prediction);
    if (const auto* adopted = std::get_if<event::CreateAdopted>(&event.fact))
        ours_.push_back(adopted->prediction);
}

void DrivenQueue::accept(BatchKey key, std::vector<ShotFacts> batch, const std::string& model) {
    record(event::BatchAccepted{
        {.key = key, .name = fmt::format("batch-{}", key), .models = {model}, .shots = std::move(batch)}});
}

std::optional<Action> DrivenQueue::take() {
    auto action = queue_.next(now);
    if (!action) return action;
    if (const auto* create = std::get_if<action::Create>(&*action)) {
        record(event::CreateIntended{
            .shot = create->shot,
            .attempt = create->attempt,
            .request_id = fmt::format("r{}.{}.{}", create->shot.batch, create->shot.index, durable_.size()),
            .provider_at = {},
            .webhook = webhooks ? fmt::format("t{}", durable_.size()) : "",
            .webhook_secret = webhooks ? fmt::format("s{}", durable_.size()) : ""});
    } else if (const auto* cancel = std::get_if<action::Cancel>(&*action)) {
        record(event::PredictionOverdue{cancel->shot});
    } else if (const auto* settle = std::get_if<action::Settle>(&*action)) {
        std::visit([this](const auto& fact) { record(fact); }, settle->fact);
    } else if (std::holds_alternative<action::Look>(*action)) {
        look_taken_at_ = now;
    }
    return action;
}

std::vector<Action> DrivenQueue::take_all() {
    std::vector<Action> actions;
    while (auto action = take()) actions.push_back(std::move(*action));
    return actions;
}

std::vector<ShotRef> DrivenQueue::creates() {
    std::vector<ShotRef> created;
    for (const auto& action : take_all()) {
        if (const auto* create = std::get_if<action::Create>(&action)) created.push_back(create->shot);
    }
    return created;
}

std::vector<ShotRef> DrivenQueue::accepted_creates() {
    auto created = creates();
    for (const ShotRef shot : created) accepted(shot);
    return created;
}

std::vector<ShotRef> DrivenQueue::polls() {
    std::vector<ShotRef> polled;
    for (const auto& action : take_all()) {
        if (const auto* poll = std::get_if<action::Poll>(&action)) polled.push_back(poll->shot);
    }
    return polled;
}

void DrivenQueue::accepted(ShotRef shot) {
    const auto prediction = fmt::format("p{}.{}", shot.batch, shot.index);
    record(event::CreateAccepted{.shot = shot, .prediction = prediction, .http_status = 200});
}

void DrivenQueue::refused(ShotRef shot, RefusalKind kind, std::optional<Duration> retry_after) {
    record(event::CreateRefused{.shot = shot, .refusal = refusal(kind, retry_after)});
}

void DrivenQueue::lost(ShotRef shot, int http_status) {
    record(event::CreateLost{.shot = shot, .loss = {.http_status = http_status, .cause = "no use"}});
}

void DrivenQueue::held(ShotRef shot) {
    lost(shot);
    record(event::CreateHeld{.shot = shot, .reason = "there is no list"});
}

std::vector<std::string> DrivenQueue::looks() {
    std::vector<std::string> models;
    for (const auto& look : whole_looks()) models.push_back(look.model);
    return models;
}

std::vector<action::Look> DrivenQueue::whole_looks() {
    std::vector<action::Look> looks;
    for (const auto& action : take_all()) {
        if (const auto* look = std::get_if<action::Look>(&action)) looks.push_back(*look);
    }
    return looks;
}

event::ListLooked DrivenQueue::list_of(const action::Look& look, std::vector<std::string> ours) const {
    const bool shows_ours = !ours.empty();
    return {.model = look.model,
            .asked_at = look_taken_at_,
            .as_of = stamp_at(now).wall,
            .answered_at = now,
            .complete = true,
            .inputs_are_told = true,
            .unread = {},
            .sightings = {},
            .ours = std::move(ours),
            .knows_us = shows_ours ? std::optional{true} : std::nullopt};
}

void DrivenQueue::looked(std::vector<Sighting> sightings, bool complete, bool inputs_are_told,
                         const std::string& model) {
    record(event::ListLooked{.model = model,
                             .asked_at = look_taken_at_,
                             .as_of = stamp_at(now).wall,
                             .answered_at = now,
                             .complete = complete,
                             .inputs_are_told = inputs_are_told,
                             .sightings = std::move(sightings),
                             .ours = ours_});
}

void DrivenQueue::list_failed(int http_status, const std::string& model) {
    record(event::ListFailed{.model = model,
                             .asked_at = look_taken_at_,
                             .http_status = http_status,
                             .cause = fmt::format("HTTP {}", http_status),
                             .retry_after = {},
                             .denied = http_status == 403 || http_status == 404});
}

void DrivenQueue::called(ShotRef shot) {
    record(event::WebhookArrived{.shot = shot, .prediction = ledger().active().at(shot).prediction});
}

void DrivenQueue::succeeded(ShotRef shot) {
    record(event::PredictionSucceeded{
        .shot = shot,
        .rendered = {.urls = {"https://cdn.example/clip.mp4"}, .predict_time_s = {}, .cost_usd = {}}});
}

void DrivenQueue::failed(ShotRef shot, const std::string& code, bool would_fail_again) {
    const Failure it = failure(code, would_fail_again);
    record(
        event::PredictionFailed{.shot = shot, .failure = it, .retry_after = ledger().retry_after(shot, it)});
}

void DrivenQueue::restart(bool same_boot) {
    restart(ledger().rules(), same_boot);
}

void DrivenQueue::restart(const Ledger::Rules& rules, bool same_boot) {
    Queue replayed{rules, options_};
    for (const auto& event : durable_) {
        if (const auto why = replayed.why_illegal(event); !why.empty()) throw std::logic_error(why);
        replayed.apply(event);
    }
    queue_ = std::move(replayed);
    record(event::Started{.same_boot = same_boot});
    std::vector<ShotRef> unknown;
    for (const auto& [shot, active] : ledger().active()) {
        if (state(shot) == ShotState::creating) unknown.push_back(shot);
    }
    for (const ShotRef shot : unknown) lost(shot);
}

Instant DrivenQueue::idle_until() {
    if (queue_.next(now)) throw std::logic_error("there is something to do");
    const Instant wake = queue_.wake_at(now);
    if (wake <= now) throw std::logic_error("nothing to do, and yet to be woken at once");
    return wake;
}

} // namespace reeld::test
