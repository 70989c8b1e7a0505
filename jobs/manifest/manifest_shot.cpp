#include "jobs/manifest/manifest_shot.h"

#include <cassert>
#include <cmath>
#include <utility>

namespace reeld {
namespace {

/// Prices have at most this many steps to a dollar. Sums are rounded to them, since 0.1 + 0.2 in binary
/// is a number that nobody wants to read on a bill.
constexpr double kPriceStepsPerUsd = 1e6;

/// Whether a refusal speaks about the account, so that the shot is queued again at no charge.
bool is_free(RefusalKind kind) {
    switch (kind) {
    case RefusalKind::invalid_input:
    case RefusalKind::unknown_model: return false;
    case RefusalKind::key_rejected:
    case RefusalKind::no_balance:
    case RefusalKind::too_many_running:
    case RefusalKind::too_fast: return true;
    }
    return false;
}

/// One shot's story so far.
class Fold {
public:
    explicit Fold(ManifestShot& out) : out_(out) {}

    void apply(const Event& event) {
        wall_ = event.stamp.wall;
        std::visit([this](const auto& fact) { on(fact); }, event.fact);
    }

private:
    void on(const event::CreateIntended& it) {
        out_.state = ShotState::creating;
        out_.attempts = it.attempt;
        out_.error.reset();
        out_.finished_at.reset();
    }

    void on(const event::CreateNotSent&) { take_back(); }

    void on(const event::CreateRefused& it) {
        if (is_free(it.refusal.kind)) {
            take_back();
        } else {
            end(ShotState::failed, it.refusal.error);
        }
    }

    void on(const event::CreateLost& it) {
        out_.state = ShotState::in_doubt;
        const std::string code =
            it.loss.http_status == 0 ? "create_lost" : "http_" + std::to_string(it.loss.http_status);
        loss_ = ProviderError{code, it.loss.cause, ""};
    }

    void on(const event::CreateHeld&) {
        out_.state = ShotState::held;
        if (unwanted_) end(ShotState::cancelled, loss_);
    }
    void on(const event::CreateAccepted& it) { render(it.prediction); }
    void on(const event::CreateAdopted& it) { render(it.prediction); }

    void on(const event::CreateDismissed& it) {
        if (!it.charged) --out_.attempts;
        if (!it.retry_after) return end(ShotState::failed, loss_);
        wait();
    }

    void on(const event::PredictionSucceeded& it) {
        if (is_final(out_.state)) return;
        end(ShotState::succeeded, std::nullopt);
        out_.rendered = it.rendered;
        measure(it.rendered.predict_time_s, it.rendered.cost_usd);
    }

    void on(const event::PredictionFailed& it) {
        if (is_final(out_.state)) return;
        end(it.retry_after && unwanted_ ? ShotState::cancelled : ShotState::failed, it.failure.error);
        measure(it.failure.predict_time_s, it.failure.cost_usd);
    }

    void on(const event::PredictionCancelled&) {
        if (is_final(out_.state)) return;
        // As in the ledger: what we gave up has failed, what somebody cancelled at the provider was a wish.
        if (unwanted_) overdue_.reset();
        end(overdue_ ? ShotState::failed : ShotState::cancelled, overdue_);
    }

    void on(const event::CancelAsked&) {
        const ShotState was = out_.state;
        unwanted_ = true;
        // A shot that has failed and is asked about waits for its next attempt.
        if (was == ShotState::held) return end(ShotState::cancelled, loss_);
        if (was == ShotState::queued || was == ShotState::failed) end(ShotState::cancelled, std::nullopt);
    }

    void on(const event::RetryAsked&) {
        unwanted_ = false;
        loss_.reset();
        overdue_.reset();
        out_.state = ShotState::queued;
        out_.error.reset();
        out_.finished_at.reset();
    }

    void on(const event::PredictionOverdue&) {
        overdue_ = ProviderError{"gave_up", "the prediction ran longer than polling.give_up allows", ""};
    }

    // No part of a shot's record. Listed one by one, so that a new kind of event cannot be forgotten here.
    void on(const event::Started&) {}
    void on(const event::BatchAccepted&) {}
    void on(const event::CreateSought&) {}
    void on(const event::CreateCalled&) {}
    void on(const event::ListLooked&) {}
    void on(const event::ListFailed&) {}
    void on(const event::PollPending&) {}
    void on(const event::PollFailed&) {}
    void on(const event::ManifestWritten&) {}
    void on(const event::Paused&) {}
    void on(const event::Resumed&) {}
    void on(const event::Reprioritised&) {}
    void on(const event::HoursSet&) {}
    void on(const event::WebhookArrived&) {}

    void render(const std::string& prediction) {
        out_.state = ShotState::rendering;
        out_.prediction = prediction;
        out_.created_at = wall_;
        out_.predict_time_s.reset();
    }

    void take_back() {
        --out_.attempts;
        wait();
    }

    void wait() {
        out_.state = ShotState::queued;
        if (unwanted_) end(ShotState::cancelled, std::nullopt);
    }

    void end(ShotState state, std::optional<ProviderError> error) {
        out_.state = state;
        out_.error = std::move(error);
        out_.finished_at = wall_;
    }

    void measure(std::optional<double> predict_time_s, std::optional<double> cost_usd) {
        out_.predict_time_s = predict_time_s;
        if (!cost_usd) return;
        const double sum = out_.cost_usd.value_or(0) + *cost_usd;
        out_.cost_usd = std::round(sum * kPriceStepsPerUsd) / kPriceStepsPerUsd;
    }

    ManifestShot& out_;
    WallTime wall_;                        ///< Of the event at hand.
    bool unwanted_ = false;                ///< A person asked for its end.
    std::optional<ProviderError> loss_;    ///< What the last lost create brought.
    std::optional<ProviderError> overdue_; ///< Why we asked for the cancel, when we did.
};

} // namespace

ManifestShot fold_shot(const std::string& batch, std::uint32_t index, StoryboardShot shot,
                       std::span<const Event> events) {
    ManifestShot folded;
    folded.batch = batch;
    folded.index = index;
    folded.shot = std::move(shot);
    Fold fold(folded);
    for (const Event& event : events) fold.apply(event);
    assert(is_final(folded.state));
    return folded;
}

} // namespace reeld
