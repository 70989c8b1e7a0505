#include "daemon/app/app.h"

#include "daemon/app/boot_id.h"
#include "daemon/app/rules.h"

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
    : parts_(parts), reports_(std::move(reports)),
      queue_(ledger_rules(options.config, options.typical),
             scheduler_options(options.config, options.only_allowed, options.dice)),
      paperwork_(parts.loop, parts.journal,
                 {.written = [this](BatchKey batch) { record(event::ManifestWritten{.batch = batch}); },
                  .trouble = [this](const std::string& line) { reports_.trouble(line); },
                  .wake =
                      [this] {
                          wake();
                      }}),
      calls_(parts.http, parts.journal, queue_.ledger(), call_options(options.config, options.key),
             {.record = [this](Fact fact) { record(std::move(fact)); },
              .trouble =
                  [this](const std::string& line) {
                      reports_.trouble(line);
                  }}),
      turn_(parts.loop.at_turn_end([this] { end_turn(); })), timer_(parts.loop, [this] { wake(); }) {
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
    reports_.happened(event);
    wake();
}

void App::after_commit(std::function<void()> then) {
    after_commit_.push_back(std::move(then));
    wake();
}

void App::allow(BatchKey batch) {
    queue_.allow(batch);
    wake();
}

void App::stop(std::function<void()> stopped) {
    queue_.stop_creating();
    stopped_ = std::move(stopped);
    wake();
}

void App::wake() {
    Loop::set_on(turn_, true);
}

void App::end_turn() {
    Loop::set_on(turn_, false);
    if (failed_) return;
    decide();
    // Only what was asked for before the commit may run after it.
    const auto durable = std::exchange(after_commit_, {});
    if (!commit()) return;
    for (const Action& action : std::exchange(decided_, {})) perform(action);
    const bool paperwork_left = paperwork_.step();
    for (const auto& then : durable) then();
    if (stopped_ && queue_.ledger().unanswered() == 0) std::exchange(stopped_, {})();
    if (more_ || paperwork_left) wake();
    plan_wake_up();
}

void App::decide() {
    const Instant now = parts_.loop.now().at;
    more_ = false;
    while (decided_.size() < kActionsPerTurn) {
        auto action = queue_.next(now);
        if (!action) return;
        promise(*action);
        decided_.push_back(std::move(*action));
    }
    more_ = true;
}

void App::promise(const Action& action) {
    if (const auto* create = std::get_if<action::Create>(&action)) {
        record(event::CreateIntended{
            .shot = create->shot, .attempt = create->attempt, .request_id = calls_.new_request_id()});
    } else if (const auto* cancel = std::get_if<action::Cancel>(&action)) {
        record(event::PredictionOverdue{.shot = cancel->shot});
    }
}

bool App::commit() {
    const auto error = parts_.journal.commit();
    if (!error) return true;
    failed_ = true;
    decided_.clear();
    reports_.on_journal_failed(*error);
    return false;
}

void App::perform(const Action& action) {
    if (const auto* line = std::get_if<action::AppendLine>(&action)) {
        paperwork_.append_line(line->shot);
    } else if (const auto* manifest = std::get_if<action::WriteManifest>(&action)) {
        paperwork_.write_manifest(manifest->batch, queue_.ledger().batch(manifest->batch));
    } else {
        calls_.perform(action);
    }
}

void App::plan_wake_up() {
    timer_.arm_at(queue_.wake_at(parts_.loop.now().at));
}

} // namespace reeld
