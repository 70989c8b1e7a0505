#include "daemon/app/webhook_arrivals.h"

#include "daemon/app/answer_facts.h"
#include "daemon/app/secret.h"
#include "daemon/reader/sha256.h"
#include "jobs/eachlabs/canonical_json.h"

#include <algorithm>
#include <utility>

namespace reeld {

void WebhookArrivals::note(const Event& event) {
    if (std::holds_alternative<event::Started>(event.fact)) {
        routes_.clear();
        by_digest_.clear();
        hints_.clear();
        calls_.clear();
        for (const auto& [ref, active] : ledger_.active()) {
            open(ref);
            const auto route = routes_.find(ref);
            if (route == routes_.end() || ledger_.shot(ref).state == ShotState::rendering) continue;
            route->second.prediction = active.called;
            note_answer(ref, route->second, event.stamp.at);
        }
        return;
    }
    const ShotRef* ref = shot_of(event.fact);
    if (ref == nullptr) return;
    if (std::holds_alternative<event::CreateIntended>(event.fact)) open(*ref);
    const auto route = routes_.find(*ref);
    if (route == routes_.end()) return;
    if (!ledger_.active().contains(*ref)) return close(*ref);
    note_answer(*ref, route->second, event.stamp.at);
}

void WebhookArrivals::open(ShotRef shot) {
    const auto& token = ledger_.active().at(shot).webhook;
    if (token.empty()) return;
    close(shot);
    const auto& route = routes_[shot] = Route{.digest = sha256_hex(token), .prediction = {}, .ask_at = {}};
    by_digest_.insert_or_assign(route.digest, shot);
}

void WebhookArrivals::close(ShotRef shot) {
    const auto route = routes_.find(shot);
    if (route == routes_.end()) return;
    by_digest_.erase(route->second.digest);
    routes_.erase(route);
}

Duration WebhookArrivals::wait_to_ask(ShotRef shot, const Route& route) {
    return route.questions == 0 ? Duration::zero() : kQuestions.after(route.questions, shot.index);
}

/// What was kept counts once it is known which prediction is the shot's, or that nobody knows it.
void WebhookArrivals::note_answer(ShotRef shot, Route& route, Instant now) {
    if (route.prediction.empty()) return;
    if (in_question(shot)) {
        if (!std::exchange(route.asked, true)) route.ask_at = now + wait_to_ask(shot, route);
    } else if (ledger_.shot(shot).state == ShotState::rendering) {
        if (route.prediction == ledger_.active().at(shot).prediction) hint(shot, route);
        route.prediction.clear();
        route.asked = false;
        route.ask_at.reset();
    }
}

/// Another prediction may be named from now on.
void WebhookArrivals::refute(const Question& question) {
    const auto route = routes_.find(question.shot);
    if (route == routes_.end() || route->second.prediction != question.prediction) return;
    route->second.prediction.clear();
    route->second.asked = false;
}

bool WebhookArrivals::in_question(ShotRef shot) const {
    const ShotState state = ledger_.shot(shot).state;
    return state == ShotState::in_doubt || state == ShotState::held;
}

std::optional<ShotRef> WebhookArrivals::shot_of_call(const WebhookCall& call) const {
    const auto found = by_digest_.find(sha256_hex(call.token));
    if (found == by_digest_.end()) return std::nullopt;
    const auto& active = ledger_.active().at(found->second);
    const bool token = equals_in_constant_time(active.webhook, call.token);
    const bool secret = equals_in_constant_time(active.webhook_secret, call.secret);
    return token && secret ? std::optional{found->second} : std::nullopt;
}

bool WebhookArrivals::arrived(const WebhookCall& call, Instant now) {
    const auto shot = shot_of_call(call);
    if (!shot || call.prediction.empty()) return false;
    auto& route = routes_.at(*shot);
    if (ledger_.shot(*shot).state == ShotState::rendering) {
        if (ledger_.active().at(*shot).prediction != call.prediction) return false;
        hint(*shot, route);
        return true;
    }
    if (route.prediction == call.prediction) return true;
    // A create makes one prediction: the first one named is asked about before another is.
    if (!route.prediction.empty()) return false;
    route.prediction = call.prediction;
    calls_.push_back({.shot = *shot, .prediction = route.prediction});
    note_answer(*shot, route, now);
    return true;
}

void WebhookArrivals::hint(ShotRef shot, Route& route) {
    if (route.hints == kHintsMax) return;
    ++route.hints;
    hints_.push_back({.shot = shot, .prediction = ledger_.active().at(shot).prediction});
}

std::optional<Fact> WebhookArrivals::next_fact() {
    while (!calls_.empty()) {
        auto fact = std::move(calls_.front());
        calls_.pop_front();
        const auto active = ledger_.active().find(fact.shot);
        if (active == ledger_.active().end() || !active->second.called.empty()) continue;
        const bool unanswered =
            ledger_.shot(fact.shot).state == ShotState::creating || in_question(fact.shot);
        if (unanswered && is_nobodys(fact.prediction)) return fact;
    }
    while (!hints_.empty()) {
        auto fact = std::move(hints_.front());
        hints_.pop_front();
        const auto active = ledger_.active().find(fact.shot);
        const bool renders = active != ledger_.active().end() &&
                             ledger_.shot(fact.shot).state == ShotState::rendering &&
                             active->second.prediction == fact.prediction;
        if (renders) return fact;
    }
    return std::nullopt;
}

std::optional<WebhookArrivals::Question> WebhookArrivals::next_question(Instant now) {
    for (auto& [shot, route] : routes_) {
        if (!route.ask_at || *route.ask_at > now) continue;
        route.ask_at.reset();
        ++route.questions;
        return Question{.shot = shot, .prediction = route.prediction};
    }
    return std::nullopt;
}

Instant WebhookArrivals::wake_at() const {
    Instant first = Instant::max();
    for (const auto& [shot, route] : routes_) first = std::min(first, route.ask_at.value_or(first));
    return first;
}

/// The shot is still the one that was asked for, and the prediction nobody's.
bool WebhookArrivals::may_be_adopted(const Question& question) const {
    const auto route = routes_.find(question.shot);
    if (route == routes_.end() || route->second.prediction != question.prediction) return false;
    return in_question(question.shot) && is_nobodys(question.prediction);
}

bool WebhookArrivals::is_nobodys(const std::string& prediction) const {
    return !journal_.knows_prediction(prediction) && !ledger_.is_live(prediction);
}

std::optional<Fact> WebhookArrivals::answered(const Question& question, const HttpAnswer& answer,
                                              Instant now) {
    if (!may_be_adopted(question)) {
        refute(question);
        return std::nullopt;
    }
    eachlabs::EchoVerdict verdict = eachlabs::NoNews{};
    if (answer.outcome == HttpAnswer::Outcome::answered)
        verdict = eachlabs::read_echo(as_answer(answer), question.prediction);
    if (const auto* echo = std::get_if<eachlabs::Echo>(&verdict)) {
        const auto own = eachlabs::canonical_json(journal_.shot(question.shot).shot.input);
        if (own == echo->input) {
            return event::CreateAdopted{
                .shot = question.shot, .prediction = question.prediction, .by = SettledBy::webhook};
        }
        refute(question);
        return std::nullopt;
    }
    Route& route = routes_.at(question.shot);
    route.ask_at = now + wait_to_ask(question.shot, route);
    return std::nullopt;
}

} // namespace reeld
