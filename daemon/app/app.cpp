#include "daemon/app/app.h"

#include "daemon/app/boot_id.h"
#include "daemon/app/resolve.h"
#include "daemon/app/rules.h"
#include "daemon/app/unrecorded.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace reeld {

namespace {

/// Actions taken in one turn. Each costs some tens of microseconds; the loop comes round within a few
/// milliseconds.
constexpr std::size_t kActionsPerTurn = 128;

} // namespace

App::App(Parts parts, const Options& options, Reports reports)
    : parts_(parts), reports_(std::move(reports)), intent_age_max_(options.intent_age_max),
      queue_(ledger_rules(options.config, options.typical),
             scheduler_options(options.config, options.only_allowed, options.dice)),
      hours_(queue_, !options.only_allowed, options.config.hours,
             [this](const std::string& line) { reports_.trouble(line); }),
      paperwork_(parts.loop, parts.journal,
                 {.written =
                      [this](const WrittenManifest& manifest) {
                          record(event::ManifestWritten{.batch = manifest.batch});
                          after_commit([this, manifest] { reports_.batch_ended(manifest); });
                      },
                  .trouble = [this](const std::string& line) { reports_.trouble(line); },
                  .wake =
                      [this] {
                          wake();
                      }}),
      provider_(parts.loop, parts.http, call_options(options.config, options.key)),
      webhooks_(parts.loop, provider_, parts.journal, queue_.ledger(), options.config.webhook.public_url,
                {.record = [this](Fact fact) { record(std::move(fact)); },
                 .wake = [this] { wake(); },
                 .journal_failed =
                     [this](const std::string& why) {
                         fail(why);
                     }}),
      calls_(provider_, webhooks_, parts.journal, queue_.ledger(),
             {.record = [this](Fact fact) { record(std::move(fact)); },
              .trouble =
                  [this](const std::string& line) {
                      reports_.trouble(line);
                  }}),
      looks_(parts.loop, provider_, parts.journal, queue_.ledger(),
             {.record = [this](Fact fact) { record(std::move(fact)); },
              .journal_failed =
                  [this](const std::string& why) {
                      fail(why);
                  }}),
      turn_(parts.loop.at_turn_end([this] { end_turn(); })), timer_(parts.loop, [this] { wake(); }),
      stall_(parts.loop, [this] { wake(); }) {
    Loop::set_on(turn_, false);
}

void App::start() {
    auto& journal = parts_.journal;
    const Stamp now = parts_.loop.now();
    const auto resumed = journal.resume(read_boot_id(), now.at.time_since_epoch(), now.wall);
    parts_.loop.set_clock_offset(resumed.offset);
    journal.replay([this](const Event& event) {
        if (const auto why = queue_.why_illegal(event); !why.empty()) {
            throw JournalError(
                JournalError::Kind::other,
                fmt::format("the journal contradicts itself: {}. Nothing was changed. Keep the folder and "
                            "report this; reeld does not guess about what was paid for",
                            why));
        }
        queue_.apply(event);
        hours_.note(event);
        if (reports_.replayed) reports_.replayed(event);
    });
    record(event::Started{.same_boot = resumed.same_boot});
    std::vector<ShotRef> unanswered;
    for (const auto& [ref, active] : queue_.ledger().active()) {
        if (queue_.ledger().shot(ref).state == ShotState::creating) unanswered.push_back(ref);
    }
    for (const ShotRef ref : unanswered) {
        record(event::CreateLost{
            .shot = ref,
            .loss = {.http_status = 0, .cause = "reeld ended before the answer to its create was recorded"}});
    }
}

void App::record(Fact fact) {
    Stamp stamp = parts_.loop.now();
    stamp.at = std::max(stamp.at, queue_.ledger().last_event_at());
    const Event event{.stamp = stamp, .fact = std::move(fact)};
    if (is_durable(event.fact)) parts_.journal.append(event);
    queue_.apply(event);
    hours_.note(event);
    watch_limiter(std::holds_alternative<event::CreateIntended>(event.fact));
    webhooks_.note(event);
    if (const auto* retry = std::get_if<event::RetryAsked>(&event.fact)) paperwork_.take_back(retry->shot);
    try {
        reports_.happened(event); // It reads names in the journal.
    } catch (const JournalError& error) {
        fail(error.what());
    }
    wake();
}

void App::after_commit(std::function<void()> then) {
    after_commit_.push_back(std::move(then));
    wake();
}

void App::after_paperwork(std::function<void()> then) {
    after_commit([this, then = std::move(then)] {
        paperwork_.flush();
        then();
    });
}

void App::allow(BatchKey batch) {
    queue_.allow(batch);
    watch_limiter(false);
    wake();
}

void App::stop(std::function<void()> stopped) {
    queue_.stop_creating();
    watch_limiter(false);
    stopped_ = std::move(stopped);
    stopping_ = true;
    stall_.hurry();
    wake();
}

std::string App::why_stalled() const {
    if (!stall_.on()) return "";
    return fmt::format("the journal still cannot be written. {}. What else is missing in it is asked for, or "
                       "done again, at the next start",
                       tell_unrecorded(parts_.journal, queue_.ledger(), decided_));
}

void App::look_up(ShotRef shot, const std::string& prediction,
                  std::function<void(const std::string& why_not)> done) {
    const auto take = [this, shot, prediction, done = std::move(done)](HttpAnswer&& answer) {
        try { // Called by the transfer, where nobody waits for an exception.
            done(why_not_its(queue_.ledger(), parts_.journal, shot, prediction, answer));
        } catch (const JournalError& error) {
            fail(error.what());
        }
    };
    provider_.ask(eachlabs::poll_call(prediction), take);
}

void App::webhook_arrived(const WebhookCall& call, std::function<void(bool known)> answer) {
    if (!webhooks_.arrived(call)) return answer(false);
    after_commit([answer = std::move(answer)] { answer(true); });
}

void App::wake() {
    Loop::set_on(turn_, true);
}

void App::end_turn() {
    try {
        commit_and_act();
    } catch (const JournalError& error) {
        fail(error.what());
    }
}

void App::commit_and_act() {
    Loop::set_on(turn_, false);
    if (failed_ || stall_.waiting()) return check_stop();
    webhooks_.record_due(); // Before anything is decided without it.
    // While a commit is owed, nothing new is decided.
    if (!stall_.on()) decide();
    if (!commit()) return check_stop();
    // Only what was asked for before the commit may run after it.
    const auto durable = std::exchange(after_commit_, {});
    for (const Action& action : std::exchange(decided_, {})) withdraw_or_perform(action);
    webhooks_.ask_due();
    const bool paperwork_left = paperwork_.step();
    for (const auto& then : durable) then();
    check_stop();
    if (more_ || paperwork_left) wake();
    plan_wake_up();
}

void App::decide() {
    hours_.refresh(parts_.loop.now());
    const Instant now = parts_.loop.now().at;
    more_ = false;
    while (decided_.size() < kActionsPerTurn) {
        auto action = queue_.next(now);
        if (!action) return watch_limiter(false); // A shot may have become ready that nothing can take yet.
        promise(*action);
        decided_.push_back(std::move(*action));
    }
    more_ = true;
}

void App::promise(const Action& action) {
    if (const auto* create = std::get_if<action::Create>(&action)) {
        record(event::CreateIntended{.shot = create->shot,
                                     .attempt = create->attempt,
                                     .request_id = calls_.new_request_id(),
                                     .provider_at = provider_.clock().latest(parts_.loop.now().at),
                                     .webhook = webhooks_.new_secret(),
                                     .webhook_secret = webhooks_.new_secret()});
    } else if (const auto* cancel = std::get_if<action::Cancel>(&action)) {
        record(event::PredictionOverdue{.shot = cancel->shot});
    } else if (const auto* settled = std::get_if<action::Settle>(&action)) {
        std::visit([this](const auto& fact) { record(fact); }, settled->fact);
    }
}

bool App::commit() {
    const bool owed = parts_.journal.owes_commit();
    const Instant begun = parts_.loop.now().at;
    const auto error = parts_.journal.commit();
    if (owed) reports_.committed(parts_.loop.now().at - begun);
    if (!error) {
        if (stall_.succeeded()) {
            more_ = true; // Nothing was decided in this turn.
            reports_.on_journal_resumed();
        }
        return true;
    }
    if (parts_.journal.failed()) {
        fail(*error);
    } else if (stall_.failed(*error)) {
        reports_.on_journal_stalled(*error);
    }
    return false;
}

void App::fail(const std::string& why) {
    if (std::exchange(failed_, true)) return;
    reports_.on_journal_failed(fmt::format("{}. {}{}", why,
                                           tell_unrecorded(parts_.journal, queue_.ledger(), decided_),
                                           tell_unsent(parts_.journal, queue_.ledger(), decided_)));
}

void App::check_stop() {
    if (!stopped_ || failed_) return;
    const auto unsent = std::count_if(decided_.begin(), decided_.end(), [](const Action& action) {
        return std::holds_alternative<action::Create>(action);
    });
    if (queue_.ledger().unanswered() == unsent) std::exchange(stopped_, {})();
}

void App::withdraw_or_perform(const Action& action) {
    if (const auto* create = std::get_if<action::Create>(&action)) {
        const auto& active = queue_.ledger().active().at(create->shot);
        const Duration age = parts_.loop.now().at - active.intended_at;
        // Decided before the journal stalled; since then somebody has asked for an end.
        const char* why_not = stopping_               ? "reeld was stopped before"
                              : active.cancel_asked   ? "nobody wanted it any more"
                              : age > intent_age_max_ ? "its record was long on its way to the disk"
                                                      : nullptr;
        if (why_not != nullptr) return record(event::CreateNotSent{.shot = create->shot, .cause = why_not});
    }
    perform(action);
}

void App::perform(const Action& action) {
    if (const auto* line = std::get_if<action::AppendLine>(&action)) {
        const auto& shot = queue_.ledger().shot(line->shot);
        // A person may have asked for it once more since that was decided, here as below.
        if (is_final(shot.state)) paperwork_.append_line(line->shot, shot.retried);
    } else if (const auto* manifest = std::get_if<action::WriteManifest>(&action)) {
        const auto& batch = queue_.ledger().batch(manifest->batch);
        if (batch.all_final()) paperwork_.write_manifest(manifest->batch, batch);
    } else if (const auto* look = std::get_if<action::Look>(&action)) {
        looks_.look(*look);
    } else if (const auto* strays = std::get_if<action::ReportStrays>(&action)) {
        reports_.trouble(
            fmt::format("the provider's list of {} has executions with the input of a shot whose "
                        "create was lost, more than such creates: {}. Another program made them, "
                        "or they were billed in vain; ask the provider about them",
                        strays->model, fmt::join(strays->predictions, ", ")));
    } else {
        calls_.perform(action);
    }
}

void App::watch_limiter(bool created) {
    const Instant now = std::max(parts_.loop.now().at, queue_.ledger().last_event_at());
    const auto waited = limiter_.changed(now, queue_.creates_from(now), created);
    if (waited) reports_.create_decided(*waited);
}

void App::plan_wake_up() {
    timer_.arm_at(std::min({queue_.wake_at(parts_.loop.now().at), webhooks_.wake_at(), hours_.wake_at()}));
}

} // namespace reeld
