#include "jobs/manifest/attempts.h"

#include <array>

namespace reeld {

namespace {

/// The attempts so far; facts are about the last one.
class AttemptsFold {
public:
    void apply(const Event& event) {
        wall_ = event.stamp.wall;
        if (const auto* it = std::get_if<event::CreateIntended>(&event.fact)) return intend(*it);
        if (attempts_.empty()) return;
        std::visit([this](const auto& fact) { on(attempts_.back(), fact); }, event.fact);
    }
    [[nodiscard]] std::vector<Attempt> take() { return std::move(attempts_); }

private:
    void intend(const event::CreateIntended& it) {
        Attempt attempt;
        attempt.number = it.attempt;
        attempt.request_id = it.request_id;
        attempt.sent_at = wall_;
        attempts_.push_back(std::move(attempt));
    }

    void answer(Attempt& attempt, CreateOutcome outcome, int http_status, const std::string& words) {
        attempt.outcome = outcome;
        attempt.answered_at = wall_;
        attempt.http_status = http_status;
        attempt.words = words;
    }
    void settle(Attempt& attempt, CreateOutcome outcome, std::optional<SettledBy> by) {
        attempt.outcome = outcome;
        attempt.settled_at = wall_;
        attempt.settled_by = by;
    }
    static void render(Attempt& attempt, const std::string& prediction) {
        attempt.prediction = prediction;
        attempt.end = PredictionEnd::running;
    }
    void end(Attempt& attempt, PredictionEnd end, std::optional<double> cost_usd) {
        if (attempt.end != PredictionEnd::running) return; // The first end that is told counts.
        attempt.end = end;
        attempt.ended_at = wall_;
        attempt.cost_usd = cost_usd;
    }

    void on(Attempt& attempt, const event::CreateNotSent& it) {
        answer(attempt, CreateOutcome::not_sent, 0, it.cause);
    }
    void on(Attempt& attempt, const event::CreateAccepted& it) {
        answer(attempt, CreateOutcome::accepted, it.http_status, "");
        render(attempt, it.prediction);
    }
    void on(Attempt& attempt, const event::CreateRefused& it) {
        answer(attempt, CreateOutcome::refused, it.refusal.http_status, it.refusal.error.message);
    }
    void on(Attempt& attempt, const event::CreateLost& it) {
        answer(attempt, CreateOutcome::in_doubt, it.loss.http_status, it.loss.cause);
    }
    void on(Attempt& attempt, const event::CreateAdopted& it) {
        settle(attempt, CreateOutcome::adopted, it.by);
        render(attempt, it.prediction);
    }
    void on(Attempt& attempt, const event::CreateDismissed& it) {
        settle(attempt, CreateOutcome::dismissed, it.by);
    }
    void on(Attempt& attempt, const event::CreateHeld& it) {
        settle(attempt, CreateOutcome::held, std::nullopt);
        attempt.held_because = it.reason;
    }
    void on(Attempt& attempt, const event::PredictionSucceeded& it) {
        end(attempt, PredictionEnd::succeeded, it.rendered.cost_usd);
    }
    void on(Attempt& attempt, const event::PredictionFailed& it) {
        end(attempt, PredictionEnd::failed, it.failure.cost_usd);
        attempt.end_words = it.failure.error.message;
    }
    void on(Attempt& attempt, const event::PredictionCancelled&) {
        end(attempt, PredictionEnd::cancelled, std::nullopt);
    }

    // Nothing that a bill is about. Listed one by one, so that a new kind of event cannot be forgotten here.
    static void on(Attempt&, const event::CreateIntended&) {}
    static void on(Attempt&, const event::Started&) {}
    static void on(Attempt&, const event::BatchAccepted&) {}
    static void on(Attempt&, const event::CreateSought&) {}
    static void on(Attempt&, const event::CreateCalled&) {}
    static void on(Attempt&, const event::ListLooked&) {}
    static void on(Attempt&, const event::ListFailed&) {}
    static void on(Attempt&, const event::PollPending&) {}
    static void on(Attempt&, const event::PollFailed&) {}
    static void on(Attempt&, const event::PredictionOverdue&) {}
    static void on(Attempt&, const event::ManifestWritten&) {}
    static void on(Attempt&, const event::CancelAsked&) {}
    static void on(Attempt&, const event::Paused&) {}
    static void on(Attempt&, const event::Resumed&) {}
    static void on(Attempt&, const event::Reprioritised&) {}
    static void on(Attempt&, const event::HoursSet&) {}
    static void on(Attempt&, const event::RetryAsked&) {}
    static void on(Attempt&, const event::WebhookArrived&) {}

    std::vector<Attempt> attempts_;
    WallTime wall_; ///< Of the event at hand.
};

} // namespace

std::string_view to_word(CreateOutcome outcome) {
    static constexpr std::array<std::string_view, 8> kWords = {
        "unanswered", "not sent", "accepted", "refused", "adopted", "dismissed", "in doubt", "held"};
    return kWords.at(static_cast<std::size_t>(outcome));
}

std::string_view to_word(PredictionEnd end) {
    static constexpr std::array<std::string_view, 5> kWords = {"none", "running", "succeeded", "failed",
                                                               "cancelled"};
    return kWords.at(static_cast<std::size_t>(end));
}

std::string_view to_word(SettledBy by) {
    static constexpr std::array<std::string_view, 4> kWords = {"list", "rule", "person", "webhook"};
    return kWords.at(static_cast<std::size_t>(by));
}

std::vector<Attempt> fold_attempts(std::span<const Event> events) {
    AttemptsFold fold;
    for (const Event& event : events) fold.apply(event);
    return fold.take();
}

} // namespace reeld
