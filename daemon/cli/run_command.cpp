#include "daemon/cli/run_command.h"

#include "daemon/cli/command_line.h"
#include "daemon/cli/run_summary.h"
#include "daemon/reader/open_storyboard.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

namespace reeld {

namespace {

/// After the first Ctrl-C: how long creates that were sent may take to be answered. What is not is held, not
/// lost.
constexpr Duration kStopWait = std::chrono::seconds{20};

/// Nothing of it goes on by itself.
bool rests(const BatchRecord& batch, bool is_paused) {
    const auto waiting = is_paused ? batch.count(ShotState::queued) : 0;
    const auto for_a_person = batch.count(ShotState::held) + waiting;
    const bool all = batch.final_count() + for_a_person == batch.shots.size();
    return batch.manifest_written || (for_a_person > 0 && all);
}

} // namespace

Run::Run(const SessionPlan& plan, RunOptions options)
    : plan_(plan), options_(std::move(options)),
      session_(plan,
               {.happened = [this](const Event& event) { happened(event); },
                .trouble = [this](const std::string& line) { display_.say("reeld: " + line); },
                .on_journal_failed =
                    [this](const std::string& why) {
                        display_.say(fmt::format("reeld: error: {}. The same command goes on then", why));
                        give_up();
                    },
                .on_journal_stalled = [this](const std::string& why) { stalled(why); },
                .on_journal_resumed =
                    [this] {
                        display_.say("reeld: the journal can be written again: going on");
                    }}),
      display_(session_.app, options_.quiet),
      stop_timeout_(session_.loop, [this] { end(ExitCode::interrupted); }),
      on_interrupt_(session_.loop.watch_signal(SIGINT, [this] { interrupted(); })),
      on_terminate_(session_.loop.watch_signal(SIGTERM, [this] { interrupted(); })) {}

int Run::go() {
    session_.start();
    held_at_start_ = held_shots(session_.app.queue().ledger());
    for (const auto& [key, batch] : session_.app.queue().ledger().batches()) {
        if (!batch.manifest_written) unfinished_at_start_.insert(key);
    }
    display_.open();
    if (!open_inputs()) return to_int(ExitCode::wrong);
    read_input(0);
    const int code = session_.loop.run();
    display_.close();
    summarize();
    return code;
}

bool Run::open_inputs() {
    bool good = true;
    for (const auto& path : options_.files) {
        auto opened = open_storyboard(path, Links::follow);
        if (opened.fault) {
            display_.say(render_fault(path, *opened.fault));
            good = false;
            continue;
        }
        inputs_.push_back({.path = path,
                           .file = {.fd = opened.fd.get(),
                                    .default_name = default_name_of(path),
                                    .source = {},
                                    .changed_at = {}},
                           .reading = {}});
        inputs_.back().fd = std::move(opened.fd);
        inputs_.back().file.source.path = std::filesystem::absolute(path).string();
    }
    if (!good) display_.say("reeld: nothing was sent");
    return good;
}

void Run::read_input(std::size_t index) {
    if (index == inputs_.size()) return all_read();
    inputs_[index].ticket = session_.intake.read(inputs_[index].file, [this, index](const Reading& reading) {
        inputs_[index].reading = reading;
        read_input(index + 1);
    });
}

std::optional<ExitCode> Run::show_faults() {
    std::optional<ExitCode> bad;
    for (const auto& input : inputs_) {
        const auto& reading = input.reading;
        if (!reading.trouble.empty()) { // With this machine; nothing is known of the file.
            display_.say(fmt::format("reeld: error: {}: {}", input.path, reading.trouble));
            bad = bad.value_or(ExitCode::unavailable);
            continue;
        }
        for (const auto& fault : reading.header.faults) display_.say(render_fault(input.path, fault));
        if (!reading.header.good()) bad = ExitCode::wrong;
    }
    return bad;
}

void Run::all_read() {
    if (const auto bad = show_faults()) {
        display_.say("reeld: nothing was sent");
        return end(*bad);
    }
    if (plan_findings()) look_up(findings_.begin());
}

/// What is wrong must be known before anything is accepted that the next run would send. False when it ends
/// here.
bool Run::plan_findings() {
    std::vector<BatchKey> known;
    for (const auto& input : inputs_) {
        if (input.reading.duplicate) known.push_back(input.reading.duplicate->key);
    }
    auto plan = plan_resolutions(session_.app, known, held_at_start_, options_.resolutions);
    findings_ = std::move(plan.findings);
    if (!plan.why_not.empty()) refuse(plan.why_not);
    return plan.why_not.empty();
}

void Run::look_up(Findings::const_iterator next) {
    if (next == findings_.end()) {
        // A doubt may have settled meanwhile.
        if (plan_findings()) accept_next(0);
        return;
    }
    const auto& [shot, finding] = *next;
    if (!finding.prediction) return look_up(std::next(next));
    session_.app.look_up(shot, *finding.prediction, [this, next](const std::string& why_not) {
        if (!why_not.empty()) {
            const auto name = session_.journal.shot(next->first).shot.id;
            return refuse(fmt::format("--resolve {0}: {0} {1}", name, why_not));
        }
        if (signals_ == 0) look_up(std::next(next));
    });
}

void Run::refuse(const std::string& why) {
    display_.say(fmt::format("reeld: error: {}; nothing was sent", why));
    end(ExitCode::wrong);
}

void Run::accept_next(std::size_t index) {
    if (index == inputs_.size()) return all_accepted();
    if (signals_ == 0) accept_input(index);
}

void Run::all_accepted() {
    for (const auto& [shot, finding] : findings_) {
        auto resolved = resolve_doubt(session_.app.queue().ledger(), session_.journal, shot, finding);
        if (resolved.fact) {
            session_.app.record(std::move(*resolved.fact));
        } else { // It was settled otherwise since it was planned.
            display_.say(fmt::format("reeld: {} {}", session_.journal.shot(shot).shot.id, resolved.why_not));
        }
    }
    accepting_done_ = true;
    // Not before: whatever ends the run until here must not find creates under way.
    for (const BatchKey batch : batches_) session_.app.allow(batch);
    check_end();
}

void Run::accept_input(std::size_t index) {
    auto& input = inputs_[index];
    if (attach_to_duplicate(input)) return accept_next(index + 1);
    session_.intake.accept(
        input.ticket, [this, index](std::optional<BatchKey> batch, const std::string& error) {
            if (!error.empty()) display_.say(fmt::format("reeld: error: {}: {}", inputs_[index].path, error));
            if (!batch) return end(ExitCode::unavailable);
            say_what_is_paid_anew(*batch);
            follow(*batch);
            accept_next(index + 1);
        });
}

/// Whoever corrects a storyboard between two runs may not expect that its other shots are rendered anew, too.
void Run::say_what_is_paid_anew(BatchKey accepted) {
    const auto& batches = session_.app.queue().ledger().batches();
    const auto& name = batches.at(accepted).name;
    for (const auto& [key, batch] : batches) {
        if (key == accepted || batch.all_final() || std::ranges::count(batches_, key) > 0) continue;
        if (session_.journal.batch(key).storyboard != session_.journal.batch(accepted).storyboard) continue;
        display_.say(fmt::format(
            "reeld: warning: {} is another version of {}, which has not ended ({} of {} final): "
            "all of its {} shots are rendered, and paid, anew",
            name, batch.name, batch.final_count(), batch.shots.size(), batches.at(accepted).shots.size()));
    }
}

/// As this run has found it: a batch that lacked only its manifest had not ended, nor one that was retried.
bool Run::had_ended(const BatchRow& batch) const {
    return batch.finished_at && !unfinished_at_start_.contains(batch.key);
}

/// A command that was interrupted goes on: what it has rendered once more already is not meant again.
bool Run::insists() const {
    const auto goes_on = [this](const Input& input) {
        return input.reading.duplicate && !had_ended(*input.reading.duplicate);
    };
    return options_.again && std::none_of(inputs_.begin(), inputs_.end(), goes_on);
}

bool Run::attach_to_duplicate(const Input& input) {
    // The same bytes twice in one command are one wish, --again or not.
    for (const BatchKey key : batches_) {
        if (session_.journal.batch(key).sha256 != input.reading.header.sha256) continue;
        display_.say(fmt::format("{}: the same bytes as a file before it; rendered once", input.path));
        session_.intake.drop(input.ticket);
        return true;
    }
    const auto& duplicate = input.reading.duplicate;
    if (!duplicate) return false;
    const bool ended = had_ended(*duplicate);
    if (ended && insists()) return false;
    std::error_code unreadable_counts_as_missing;
    if (ended && !std::filesystem::exists(duplicate->folder, unreadable_counts_as_missing)) {
        session_.intake.drop(input.ticket); // Somebody has cleared it away.
    } else if (const auto error = session_.intake.complete_leftover(input.ticket); !error.empty()) {
        display_.say(fmt::format("reeld: {}: {}", input.path, error));
    }
    const auto& batch = session_.app.queue().ledger().batch(duplicate->key);
    display_.say(
        ended ? fmt::format(
                    "{}: rendered already, as {}; nothing is sent ({})", input.path, duplicate->folder,
                    options_.again ? "this goes on with what was begun; alone, --again renders it once more"
                                   : "--again renders it once more")
              : fmt::format("{}: goes on where it stopped, as {} ({} of {} final)", input.path,
                            duplicate->name, batch.final_count(), batch.shots.size()));
    follow(duplicate->key);
    return true;
}

void Run::follow(BatchKey batch) {
    batches_.push_back(batch);
    display_.follow(batch);
}

void Run::happened(const Event& event) {
    if (std::holds_alternative<event::Started>(event.fact)) return;
    display_.happened(event);
    if (const auto* poll = std::get_if<event::PollFailed>(&event.fact)) {
        key_refused_ = key_refused_ || poll->key_rejected;
    }
    if (accepting_done_) check_end();
}

void Run::check_end() {
    const auto& ledger = session_.app.queue().ledger();
    bool all_written = true;
    bool all_rest = true;
    bool all_succeeded = true;
    for (const BatchKey key : batches_) {
        const auto& batch = ledger.batch(key);
        all_written = all_written && batch.manifest_written;
        all_rest = all_rest && rests(batch, is_paused(key));
        all_succeeded = all_succeeded && batch.count(ShotState::succeeded) == batch.shots.size();
    }
    if (all_written) return end(all_succeeded ? ExitCode::succeeded : ExitCode::some_failed);
    if (all_rest) {
        if (!ending_) say_pauses();
        return end(ExitCode::some_failed);
    }
    if (stuck_on_account()) return end(ExitCode::suspended);
}

void Run::say_pauses() {
    const auto& ledger = session_.app.queue().ledger();
    const auto say = [this](std::string_view what, std::string_view command) {
        display_.say(fmt::format("reeld: {} paused by a person, and nobody can tell a run to go on: start "
                                 "'reeld serve' on this state folder, and say '{}'",
                                 what, command));
    };
    bool all = false;
    for (const BatchKey key : batches_) {
        if (!is_paused(key)) continue;
        all = all || ledger.paused().contains(kAllBatches);
        const auto& name = ledger.batch(key).name;
        if (ledger.paused().contains(key)) say(name + " is", "reeld resume " + name);
    }
    if (all) say("all creates are", "reeld resume");
}

bool Run::is_paused(BatchKey key) const {
    const auto& ledger = session_.app.queue().ledger();
    const bool paused = ledger.paused().contains(kAllBatches) || ledger.paused().contains(key);
    return paused && ledger.batch(key).count(ShotState::queued) > 0;
}

bool Run::stuck_on_account() const {
    const auto& ledger = session_.app.queue().ledger();
    if (ledger.unanswered() > 0) return false; // To leave now would put them in doubt.
    if (key_refused_) return true;
    const auto* suspension = ledger.account().suspension(session_.loop.now().at);
    if (suspension == nullptr) return false;
    const bool for_the_operator = suspension->reason == SuspensionReason::key_rejected ||
                                  suspension->reason == SuspensionReason::no_balance;
    return for_the_operator && ledger.active().size() == static_cast<std::size_t>(ledger.held());
}

void Run::end(ExitCode code) {
    if (!std::exchange(ending_, true)) {
        code_ = code;
        session_.app.stop_creating(); // One that left in the last turn would be in doubt.
        // What was recorded in this turn is committed, and its lines are written, before the loop ends.
        session_.app.after_paperwork([this] { session_.loop.exit(to_int(code_)); });
    }
    end_if_stalled();
}

void Run::stalled(const std::string& why) {
    display_.say("reeld: error: " + why);
    if (ending_) end_if_stalled();
}

void Run::end_if_stalled() {
    const auto why = session_.app.why_stalled();
    // A run that has done its work waits until that is on record, or somebody asks for its end.
    const bool worked = code_ == ExitCode::succeeded || code_ == ExitCode::some_failed;
    if (why.empty() || (worked && signals_ == 0)) return;
    display_.say("reeld: error: " + why + ", by the same command");
    give_up();
}

void Run::give_up() {
    if (code_ != ExitCode::wrong) code_ = ExitCode::unavailable;
    session_.loop.exit(to_int(code_));
}

void Run::interrupted() {
    if (++signals_ > 1) return end(ExitCode::interrupted);
    const int unanswered = session_.app.queue().ledger().unanswered();
    if (unanswered > 0) {
        display_.say(
            fmt::format("reeld: stopping when {} creates under way are answered; Ctrl-C again stops at once",
                        unanswered));
    }
    stop_timeout_.arm_after(kStopWait);
    session_.app.stop([this] { end(ExitCode::interrupted); });
}

void Run::summarize() {
    std::optional<RunSummary> summary;
    if (!batches_.empty()) {
        summary = summarize_run(session_.app.queue().ledger(), session_.journal, batches_,
                                session_.loop.now().at, shell_line(without_resolutions(own_words())));
        if (!options_.quiet) write_stderr(summary->text);
    }
    if (code_ == ExitCode::interrupted)
        write_stderr(
            fmt::format("reeld: interrupted; the same command{} goes on where it stopped\n",
                        options_.resolutions.empty() || !accepting_done_ ? "" : " without --resolve"));
    if (summary && options_.json) write_stdout(summary->json + "\n");
}

} // namespace reeld
