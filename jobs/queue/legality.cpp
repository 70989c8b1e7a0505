#include "jobs/queue/legality.h"

#include "jobs/queue/ledger.h"
#include "jobs/text/hours.h"
#include "jobs/text/utf8.h"

#include <fmt/format.h>

#include <optional>

namespace reeld {

namespace {

/// The state that a shot must be in for an event about it, given the one it is in: a doubt can be ended out
/// of either of two.
struct RequiredState {
    ShotState state;

    ShotState operator()(const event::CreateIntended&) const { return ShotState::queued; }
    ShotState operator()(const event::CreateNotSent&) const { return ShotState::creating; }
    ShotState operator()(const event::CreateAccepted&) const { return ShotState::creating; }
    ShotState operator()(const event::CreateRefused&) const { return ShotState::creating; }
    ShotState operator()(const event::CreateLost&) const { return ShotState::creating; }
    ShotState operator()(const event::CreateHeld&) const { return ShotState::in_doubt; }
    ShotState operator()(const event::CreateSought&) const { return unanswered(); }
    ShotState operator()(const event::CreateCalled&) const {
        return state == ShotState::creating ? state : in_question();
    }
    ShotState operator()(const event::CreateAdopted&) const { return in_question(); }
    ShotState operator()(const event::CreateDismissed&) const { return in_question(); }
    ShotState operator()(const event::CancelAsked&) const {
        return is_final(state) ? ShotState::queued : state;
    }
    ShotState operator()(const event::RetryAsked&) const {
        return state == ShotState::cancelled ? state : ShotState::failed;
    }
    template <class AboutPrediction>
    ShotState operator()(const AboutPrediction&) const {
        return ShotState::rendering;
    }
    [[nodiscard]] ShotState unanswered() const {
        return state == ShotState::creating ? state : ShotState::in_doubt;
    }
    [[nodiscard]] ShotState in_question() const {
        return state == ShotState::held ? ShotState::held : ShotState::in_doubt;
    }
};

/// A prediction belongs to one shot: a second one that claims it would be paid for by nobody and shown twice.
std::string of_prediction(const Ledger& ledger, const std::string& prediction) {
    if (prediction.empty()) return "the prediction has no id";
    return ledger.is_live(prediction) ? "the prediction is another shot's" : "";
}

std::string of_intent(const Ledger& ledger, const event::CreateIntended& it) {
    const int expected = ledger.shot(it.shot).attempts + 1;
    if (it.attempt != expected) return fmt::format("its attempt is {}, not {}", it.attempt, expected);
    if (ledger.paused().contains(kAllBatches) || ledger.paused().contains(it.shot.batch))
        return "creates are paused";
    return it.attempt > kAttemptsMax ? fmt::format("more than {} attempts", kAttemptsMax) : "";
}

std::string of_batch(const Ledger& ledger, const event::BatchAccepted& it) {
    if (ledger.batches().contains(it.batch.key)) return "the batch was accepted before";
    if (it.batch.shots.empty()) return "the batch has no shots";
    for (const auto& shot : it.batch.shots) {
        if (shot.model >= it.batch.models.size()) return "a shot names a model that the batch does not list";
    }
    return "";
}

std::string of_manifest(const Ledger& ledger, const event::ManifestWritten& it) {
    const auto batch = ledger.batches().find(it.batch);
    if (batch == ledger.batches().end()) return "there is no such batch";
    if (batch->second.manifest_written) return "its manifest was written before";
    return batch->second.all_final() ? "" : "not all of its shots are final";
}

std::string of_cancel(const Ledger& ledger, const event::CancelAsked& it) {
    const auto active = ledger.active().find(it.shot);
    const bool before = active != ledger.active().end() && active->second.cancel_asked;
    return before ? "a cancel was asked for before" : "";
}

std::string of_retry(const Ledger& ledger, const event::RetryAsked& it) {
    const bool countable = ledger.shot(it.shot).attempts < kAttemptsMax;
    return countable ? "" : fmt::format("it had {} attempts, and no more can be counted", kAttemptsMax);
}

std::string of_webhook(const Ledger& ledger, const event::WebhookArrived& it) {
    return ledger.active().at(it.shot).prediction == it.prediction ? "" : "the prediction is not the shot's";
}

std::string of_priority(const Ledger& ledger, const event::Reprioritised& it) {
    if (!ledger.batches().contains(it.batch)) return "there is no such batch";
    const bool valid = it.priority >= -kPriorityLimit && it.priority <= kPriorityLimit;
    return valid ? "" : fmt::format("{} is no priority", it.priority);
}

std::string of_hours(const Ledger& ledger, const event::HoursSet& it) {
    if (!ledger.batches().contains(it.batch)) return "there is no such batch";
    return it.hours == kAnyHours || parse_hours(it.hours) ? ""
                                                          : fmt::format("{} are no hours", quote(it.hours));
}

std::string of_pause(const Ledger& ledger, BatchKey batch, bool pauses) {
    if (batch != kAllBatches && !ledger.batches().contains(batch)) return "there is no such batch";
    if (ledger.paused().contains(batch) != pauses) return "";
    return pauses ? "it is paused" : "it is not paused";
}

std::string of_shot(const Ledger& ledger, const Fact& fact, ShotRef ref) {
    const auto batch = ledger.batches().find(ref.batch);
    if (batch == ledger.batches().end() || ref.index >= batch->second.shots.size())
        return "there is no such shot";
    const ShotState state = batch->second.shots[ref.index].state;
    const ShotState required = std::visit(
        [&](const auto& it) {
            if constexpr (requires { it.shot; }) {
                return RequiredState{state}(it);
            } else {
                return state;
            }
        },
        fact);
    if (state != required) return fmt::format("the shot is {}, not {}", to_word(state), to_word(required));
    if (const auto* intent = std::get_if<event::CreateIntended>(&fact)) return of_intent(ledger, *intent);
    if (const auto* accepted = std::get_if<event::CreateAccepted>(&fact))
        return accepted->prediction.empty() ? "the prediction has no id" : "";
    if (const auto* adopted = std::get_if<event::CreateAdopted>(&fact))
        return of_prediction(ledger, adopted->prediction);
    if (const auto* called = std::get_if<event::CreateCalled>(&fact))
        return of_prediction(ledger, called->prediction);
    if (const auto* cancel = std::get_if<event::CancelAsked>(&fact)) return of_cancel(ledger, *cancel);
    if (const auto* retry = std::get_if<event::RetryAsked>(&fact)) return of_retry(ledger, *retry);
    if (const auto* webhook = std::get_if<event::WebhookArrived>(&fact)) return of_webhook(ledger, *webhook);
    return "";
}

std::string of_fact(const Ledger& ledger, const Fact& fact) {
    if (const ShotRef* ref = shot_of(fact)) return of_shot(ledger, fact, *ref);
    if (const auto* batch = std::get_if<event::BatchAccepted>(&fact)) return of_batch(ledger, *batch);
    if (const auto* manifest = std::get_if<event::ManifestWritten>(&fact))
        return of_manifest(ledger, *manifest);
    if (const auto* paused = std::get_if<event::Paused>(&fact)) return of_pause(ledger, paused->batch, true);
    if (const auto* resumed = std::get_if<event::Resumed>(&fact))
        return of_pause(ledger, resumed->batch, false);
    if (const auto* it = std::get_if<event::Reprioritised>(&fact)) return of_priority(ledger, *it);
    if (const auto* it = std::get_if<event::HoursSet>(&fact)) return of_hours(ledger, *it);
    return "";
}

} // namespace

std::string illegality(const Ledger& ledger, const Event& event) {
    std::string why =
        event.stamp.at < ledger.last_event_at() ? "time went back" : of_fact(ledger, event.fact);
    if (why.empty()) return why;
    if (const ShotRef* ref = shot_of(event.fact)) {
        return fmt::format("{} of batch {}, shot {}: {}", kind_name(event.fact), ref->batch, ref->index, why);
    }
    return fmt::format("{}: {}", kind_name(event.fact), why);
}

} // namespace reeld
