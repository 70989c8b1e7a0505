#include "jobs/queue/webhook_trust.h"

namespace reeld {

void WebhookTrust::note(const Ledger& ledger, const Event& event) {
    const auto& fact = event.fact;
    if (std::holds_alternative<event::Started>(fact)) {
        *this = {};
    } else if (const auto* accepted = std::get_if<event::CreateAccepted>(&fact)) {
        const auto& active = ledger.active().at(accepted->shot);
        if (!active.webhook.empty() && !active.cancel_asked) expected_.insert(accepted->shot);
    } else if (const auto* arrived = std::get_if<event::WebhookArrived>(&fact)) {
        if (expected_.erase(arrived->shot) > 0) told_.insert(arrived->shot);
    } else if (const auto* asked = std::get_if<event::CancelAsked>(&fact)) {
        expected_.erase(asked->shot);
        told_.erase(asked->shot);
    } else if (const auto* overdue = std::get_if<event::PredictionOverdue>(&fact)) {
        expected_.erase(overdue->shot);
        told_.erase(overdue->shot);
    } else if (const auto* cancelled = std::get_if<event::PredictionCancelled>(&fact)) {
        expected_.erase(cancelled->shot);
        told_.erase(cancelled->shot);
    } else if (const auto* succeeded = std::get_if<event::PredictionSucceeded>(&fact)) {
        note_end(succeeded->shot);
    } else if (const auto* failed = std::get_if<event::PredictionFailed>(&fact)) {
        note_end(failed->shot);
    }
}

void WebhookTrust::note_end(ShotRef shot) {
    if (told_.erase(shot) > 0) {
        trusted_ = ++told_in_a_row_ >= kToldToTrust || trusted_;
    } else if (expected_.erase(shot) > 0) {
        told_in_a_row_ = 0;
        trusted_ = false;
    }
}

} // namespace reeld
