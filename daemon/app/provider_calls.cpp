#include "daemon/app/provider_calls.h"

#include "daemon/app/hide_key.h"
#include "daemon/random_hex.h"

#include <fmt/format.h>

namespace reeld {

namespace {

/// What the provider says of an address that it dislikes goes into logs and manifests.
void hide_webhook(const Ledger& ledger, ShotRef ref, HttpAnswer& answer) {
    const auto active = ledger.active().find(ref);
    if (active == ledger.active().end() || active->second.webhook.empty()) return;
    hide_key(answer.body, active->second.webhook);
    hide_key(answer.body, active->second.webhook_secret);
}

} // namespace

ProviderCalls::ProviderCalls(ProviderHttp& provider, const Webhooks& webhooks, const Journal& journal,
                             const Ledger& ledger, Reports reports)
    : provider_(provider), webhooks_(webhooks), journal_(journal), ledger_(ledger), poll_facts_(ledger),
      reports_(std::move(reports)) {}

std::string ProviderCalls::new_request_id() {
    return "reeld-" + random_hex();
}

void ProviderCalls::perform(const Action& action) {
    if (const auto* create_it = std::get_if<action::Create>(&action)) {
        create(create_it->shot);
    } else if (const auto* poll_it = std::get_if<action::Poll>(&action)) {
        poll(poll_it->shot, poll_it->prediction);
    } else if (const auto* cancel_it = std::get_if<action::Cancel>(&action)) {
        cancel(cancel_it->prediction);
    }
}

void ProviderCalls::create(ShotRef ref) {
    const auto row = journal_.shot(ref);
    const auto& active = ledger_.active().at(ref);
    provider_.create(eachlabs::create_call(row.shot.model, row.shot.input, active.request_id,
                                           webhooks_.wish(active.webhook, active.webhook_secret)),
                     [this, ref](HttpAnswer&& answer) {
                         hide_webhook(ledger_, ref, answer);
                         reports_.record(create_fact(ref, answer, journal_));
                     });
}

void ProviderCalls::poll(ShotRef ref, const std::string& prediction) {
    provider_.ask(eachlabs::poll_call(prediction), [this, ref, prediction](HttpAnswer&& answer) {
        const auto active = ledger_.active().find(ref);
        const bool is_awaited = active != ledger_.active().end() && active->second.prediction == prediction;
        if (!is_awaited) return; // A person awaits it no more.
        hide_webhook(ledger_, ref, answer);
        reports_.record(poll_facts_.read(ref, answer));
    });
}

void ProviderCalls::cancel(const std::string& prediction) {
    // A cancel that is lost changes nothing but a bill that may be higher: polling decides what became of it.
    provider_.order(eachlabs::cancel_call(prediction), [this, prediction](HttpAnswer&& answer) {
        if (answer.outcome == HttpAnswer::Outcome::answered && answer.status < 300) return;
        const auto why = answer.cause.empty() ? fmt::format("HTTP {}", answer.status) : answer.cause;
        reports_.trouble(fmt::format("the cancel of prediction {} brought: {}", prediction, why));
    });
}

} // namespace reeld
