#include "daemon/app/narration.h"

#include "daemon/app/resolve.h"
#include "daemon/config/config.h"
#include "jobs/text/hours.h"

#include <fmt/format.h>

namespace reeld {

namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

std::string how_to_release(const std::string& name, int nth, Voice voice) {
    constexpr const char* kLook = "look for it at the provider, then say what became of it: ";
    if (voice == Voice::daemon)
        return fmt::format("{0}reeld resolve {1} --created ID, or reeld resolve {1} --{2}", kLook, name,
                           not_created_words(nth, '='));
    return fmt::format(
        "{0}reeld run FILE --resolve {1}=created:ID, or {1}={2} (FILE: the storyboard, or the copy "
        "in its batch's folder)",
        kLook, name, not_created_words(nth, ':'));
}

/// Makes the sentence about each kind of event; `told` has its event and the names filled in already.
class Teller {
public:
    Teller(const Event& event, const Journal& journal, const Ledger& ledger, Voice voice)
        : event_(event), journal_(journal), ledger_(ledger), voice_(voice) {
        told_.event = kind_name(event.fact);
        if (const ShotRef* ref = shot_of(event.fact)) {
            name_ = full_name(*ref, journal, ledger);
            field("batch", ledger.batch(ref->batch).name);
            field("shot", name_.substr(name_.find('/') + 1));
        }
    }

    std::optional<Told> tell() {
        if (ends_unwanted()) return std::move(told_);
        if (!std::visit([this](const auto& it) { return on(it); }, event_.fact)) return std::nullopt;
        return std::move(told_);
    }

private:
    /// What would be tried again, or held, if a person had not asked for its end.
    bool ends_unwanted() {
        const ShotRef* ref = shot_of(event_.fact);
        if (ref == nullptr || ledger_.shot(*ref).state != ShotState::cancelled) return false;
        if (std::holds_alternative<event::PredictionCancelled>(event_.fact)) return false;
        const auto* held = std::get_if<event::CreateHeld>(&event_.fact);
        if (held == nullptr) return say(Weight::news, fmt::format("{} is cancelled, as asked", name_));
        return say(Weight::warning, fmt::format("{} is cancelled, as asked, and may have been billed: {}",
                                                name_, held->reason));
    }
    void field(const char* key, std::string value) { told_.fields.emplace_back(key, std::move(value)); }
    bool say(Weight weight, std::string sentence) {
        told_.weight = weight;
        told_.sentence = std::move(sentence);
        return true;
    }
    static std::string in_words(const ProviderError& error) {
        return error.details.empty() ? error.message : fmt::format("{} ({})", error.message, error.details);
    }
    static std::string in_seconds(Duration duration) {
        return fmt::format("{} s", duration_cast<seconds>(duration + std::chrono::milliseconds{500}).count());
    }

    bool on(const event::Started&) {
        std::uint32_t unfinished = 0;
        std::uint32_t queued = 0;
        for (const auto& [key, batch] : ledger_.batches()) {
            unfinished += batch.manifest_written ? 0 : 1;
            queued += batch.count(ShotState::queued);
        }
        return say(Weight::news,
                   fmt::format("started: {} unfinished batches, {} shots queued, {} at the provider",
                               unfinished, queued, ledger_.active().size()));
    }
    bool on(const event::BatchAccepted& it) {
        field("batch", it.batch.name);
        return say(Weight::news, fmt::format("{} accepted: {} shots", it.batch.name, it.batch.shots.size()));
    }
    bool on(const event::CreateIntended&) { return false; }
    bool on(const event::CreateNotSent& it) {
        return say(
            Weight::warning,
            fmt::format("{} could not be sent: {}; nothing was created, it is tried again", name_, it.cause));
    }
    bool on(const event::CreateAccepted& it) {
        field("prediction", it.prediction);
        return say(Weight::news, fmt::format("{} is rendering", name_));
    }
    bool on(const event::CreateRefused& it) {
        const auto& refusal = it.refusal;
        field("http_status", std::to_string(refusal.http_status));
        if (is_final(ledger_.shot(it.shot).state)) {
            return say(Weight::error,
                       fmt::format("{} failed: {}; nothing was billed", name_, in_words(refusal.error)));
        }
        const auto* suspension = ledger_.account().suspension(event_.stamp.at);
        const auto why = suspension == nullptr ? std::string_view("refused") : to_words(suspension->reason);
        const auto wait = suspension == nullptr ? Duration::zero() : suspension->until - event_.stamp.at;
        return say(
            Weight::warning,
            fmt::format("creates are suspended, {}: {}; {} stays queued, asked again in {} at the latest",
                        why, in_words(refusal.error), name_, in_seconds(wait)));
    }
    bool on(const event::CreateLost& it) {
        return say(Weight::warning,
                   fmt::format("{} is in doubt: {}. It may have been billed, so it is looked for in the "
                               "provider's list before anything else",
                               name_, it.loss.cause));
    }
    bool on(const event::CreateAdopted& it) {
        field("prediction", it.prediction);
        const auto* who = it.by == SettledBy::list      ? "in the provider's list"
                          : it.by == SettledBy::webhook ? "by its webhook"
                                                        : "by a person";
        return say(Weight::news,
                   fmt::format("{} is rendering: its prediction {} was found {}", name_, it.prediction, who));
    }
    bool on(const event::CreateDismissed& it) {
        const auto* why = it.by == SettledBy::list ? "its lost create made nothing, says the provider's list"
                          : it.by == SettledBy::rule
                              ? "no list can tell what became of its create; by the rules "
                                "it counts as not created"
                              : "its create counts as not created, says a person";
        if (it.retry_after) {
            return say(Weight::news,
                       fmt::format("{}: {}; tried again in {}", name_, why, in_seconds(*it.retry_after)));
        }
        return say(Weight::error, fmt::format("{} failed: {}, and no attempts are left", name_, why));
    }
    bool on(const event::CreateHeld& it) {
        return say(Weight::error,
                   fmt::format("{} is held: {}. It may have been billed, so it is not sent again "
                               "by itself; {}",
                               name_, it.reason,
                               how_to_release(name_, times_held(journal_, it.shot), voice_)));
    }
    bool on(const event::CreateSought&) { return false; }
    bool on(const event::CreateCalled&) { return false; }
    bool on(const event::ListLooked&) { return false; }
    bool on(const event::ListFailed& it) {
        return say(Weight::detail, fmt::format("the provider's list of {} could not be had: {}; asked again",
                                               it.model, it.cause));
    }
    bool on(const event::PollPending&) { return false; }
    bool on(const event::PollFailed& it) {
        const bool key = it.http_status == 401 || it.http_status == 403;
        return say(key ? Weight::warning : Weight::detail,
                   fmt::format("{} could not be polled: {}; asked again", name_, it.cause));
    }
    bool on(const event::PredictionSucceeded& it) {
        field("url", it.rendered.urls.front());
        return say(Weight::news, fmt::format("{} succeeded: {}", name_, it.rendered.urls.front()));
    }
    bool on(const event::PredictionFailed& it) {
        const auto words = in_words(it.failure.error);
        if (it.retry_after) {
            return say(Weight::warning,
                       fmt::format("{}: attempt {} failed: {}; tried again in {}", name_,
                                   ledger_.shot(it.shot).attempts, words, in_seconds(*it.retry_after)));
        }
        return say(Weight::error, fmt::format("{} failed: {}", name_, words));
    }
    bool on(const event::PredictionCancelled&) {
        return say(Weight::warning, fmt::format("{} was cancelled at the provider", name_));
    }
    bool on(const event::PredictionOverdue& it) {
        if (ledger_.active().at(it.shot).cancel_asked) return false; // That was told.
        return say(
            Weight::warning,
            fmt::format("{} takes longer than polling.give_up: cancelling it, and asking on for its end",
                        name_));
    }
    bool on(const event::CancelAsked& it) {
        const bool rendering = ledger_.shot(it.shot).state == ShotState::rendering;
        return say(Weight::news,
                   rendering
                       ? fmt::format("{} is being cancelled at the provider, as asked", name_)
                       : fmt::format("{} is cancelled, as asked, when it is known what became of its create",
                                     name_));
    }
    bool on(const event::Paused& it) {
        return say(Weight::news, fmt::format("{} paused: nothing new is sent, what is under way goes on",
                                             batch_or_all(it.batch)));
    }
    bool on(const event::Resumed& it) {
        return say(Weight::news, fmt::format("{} resumed", batch_or_all(it.batch)));
    }
    bool on(const event::Reprioritised& it) {
        field("batch", ledger_.batch(it.batch).name);
        return say(Weight::news,
                   fmt::format("{} has priority {} now", ledger_.batch(it.batch).name, it.priority));
    }
    bool on(const event::HoursSet& it) {
        const auto& name = ledger_.batch(it.batch).name;
        field("batch", name);
        return say(Weight::news,
                   it.hours == kAnyHours
                       ? fmt::format("{} may start at any hour, as asked", name)
                       : fmt::format("{} is created within its hours only: {}", name, it.hours));
    }
    bool on(const event::RetryAsked&) {
        return say(Weight::news, fmt::format("{} is queued once more, as asked", name_));
    }
    bool on(const event::WebhookArrived&) { return false; }
    std::string batch_or_all(BatchKey batch) {
        if (batch == kAllBatches) return "all creates are";
        field("batch", ledger_.batch(batch).name);
        return fmt::format("{} is", ledger_.batch(batch).name);
    }
    bool on(const event::ManifestWritten& it) {
        const auto& batch = ledger_.batch(it.batch);
        field("batch", batch.name);
        return say(Weight::news, fmt::format("{} finished: {} of {} succeeded; {}/manifest.json", batch.name,
                                             batch.count(ShotState::succeeded), batch.shots.size(),
                                             journal_.batch(it.batch).folder));
    }

    const Event& event_;
    const Journal& journal_;
    const Ledger& ledger_;
    Voice voice_;
    std::string name_;
    Told told_;
};

} // namespace

std::string full_name(ShotRef ref, const Journal& journal, const Ledger& ledger) {
    return ledger.batch(ref.batch).name + "/" + journal.shot(ref).shot.id;
}

std::optional<Told> tell(const Event& event, const Journal& journal, const Ledger& ledger, Voice voice) {
    // Looked up names cost a query each: not for events that come by the thousand and are never told.
    if (std::holds_alternative<event::PollPending>(event.fact) ||
        std::holds_alternative<event::ListLooked>(event.fact) ||
        std::holds_alternative<event::CreateIntended>(event.fact)) {
        return std::nullopt;
    }
    return Teller(event, journal, ledger, voice).tell();
}

} // namespace reeld
