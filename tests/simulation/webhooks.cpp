/// The part of a simulated night in which the provider, and others, call the daemon.
#include "tests/simulation/simulation.h"

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

/// As in the provider's documents.
constexpr int kAttempts = 3;
constexpr Duration kBetweenAttempts = 10s;

} // namespace

void Simulation::plan_webhooks(const Booked& booked) {
    if (booked.webhook.empty()) return;
    const std::string token = booked.webhook;
    const std::string secret = booked.webhook_secret;
    const std::string id = booked.id;
    const auto call = [this](Duration wait, std::string path, std::string shown, std::string named) {
        after(wait, [this, path = std::move(path), shown = std::move(shown), named = std::move(named)] {
            post({.token = path, .secret = shown, .prediction = named});
        });
    };
    const Duration takes = booked.ends_at - clocks_.now;
    if (faults_.strikes(FaultClass::webhook_early)) call(0s, token, secret, id);
    if (faults_.strikes(FaultClass::webhook_forged)) {
        call(dice_.between(0s, takes), token, "s-0-0", id);
        call(dice_.between(0s, takes), "t-0-0", secret, id);
    }
    if (faults_.strikes(FaultClass::webhook_mistaken)) {
        const auto& any = provider_.books()[dice_.roll(provider_.books().size())];
        const bool made_up = any.request_id.empty() || any.input == booked.input;
        call(dice_.between(0s, takes), token, secret, made_up ? "p-0" : any.id);
    }
    if (faults_.strikes(FaultClass::webhook_doubled)) {
        for (int i = 0; i < 5; ++i) call(takes + dice_.between(0s, 2min), token, secret, id);
    }
    Duration way = dice_.between(5ms, 900ms);
    if (faults_.strikes(FaultClass::webhook_late)) way = dice_.between(1s, 10min);
    after(takes + way, [this, id] { deliver_webhook(id, 1); });
}

/// The provider's own call, which it repeats when nobody answers.
void Simulation::deliver_webhook(const std::string& prediction, int attempt) {
    const Booked& booked = *provider_.find(prediction);
    if (booked.end == Booked::End::cancelled || faults_.strikes(FaultClass::webhook_lost)) return;
    if (webhooks_heard_.contains(prediction)) return;
    if (attempt < kAttempts)
        after(kBetweenAttempts, [this, prediction, attempt] { deliver_webhook(prediction, attempt + 1); });
    if (!shell_ || clocks_.now < paused_until_) return;
    post({.token = booked.webhook, .secret = booked.webhook_secret, .prediction = prediction},
         [this, prediction] { webhooks_heard_.insert(prediction); });
}

void Simulation::post(const WebhookCall& call, std::function<void()> answered) {
    if (!shell_) return;
    later(run_, Duration::zero(),
          [this, token = std::string{call.token}, secret = std::string{call.secret},
           prediction = std::string{call.prediction}, answered = std::move(answered)] {
              shell_->call({.token = token, .secret = secret, .prediction = prediction}, answered);
          });
}

} // namespace reeld::test
