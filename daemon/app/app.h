/// The shell around the queue: records facts, commits them, performs decisions. The one door.
///
/// One turn of the loop is: callbacks record facts; at its end the queue is asked what to do, what that
/// promises is recorded too, everything is committed with one sync, and only then is anything performed. So
/// nothing is sent whose intent is not durable.
///
/// Threading: the loop's. Ownership: borrows its parts, which must outlive it. Errors: start() throws
/// JournalError; a journal that fails later stops everything at once through `on_journal_failed`, and nothing
/// that was decided in that turn is performed.
#pragma once

#include "daemon/app/paperwork.h"
#include "daemon/app/provider_calls.h"
#include "daemon/config/config.h"
#include "daemon/journal/journal.h"
#include "daemon/loop/loop.h"
#include "daemon/net/http.h"
#include "jobs/queue/queue.h"

#include <functional>
#include <string>
#include <vector>

namespace reeld {

class App {
public:
    struct Parts {
        Loop& loop;
        Journal& journal;
        Http& http;
    };
    struct Options {
        Config config;
        std::string key;
        bool only_allowed = false;               ///< See Scheduler::Options.
        std::map<std::string, Duration> typical; ///< Typical times by model, from the catalog.
        std::uint64_t dice = 1;                  ///< Seed for jitter.
    };
    /// What the program around is told. Every function must be set.
    struct Reports {
        std::function<void(const Event&)> happened;      ///< An event was recorded (not: is durable yet).
        std::function<void(const std::string&)> trouble; ///< One line: something is tried again by itself.
        std::function<void(const std::string&)>
            on_journal_failed; ///< Nothing is sent any more; end the program.
    };

    App(Parts parts, const Options& options, Reports reports);
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    /// Puts the loop on the journal's timeline, replays, and records what a crash left unanswered as lost.
    /// Throws JournalError.
    void start();

    /// Records a fact now. It is durable at the end of this turn. Requires that the queue allows it.
    void record(Fact fact);

    /// Calls `then` at the end of a turn, after everything recorded before this call is durable.
    void after_commit(std::function<void()> then);

    /// Creates this batch's shots too, with `only_allowed`.
    void allow(BatchKey batch);

    /// Sends no new creates and polls on until every create under way was answered; then calls `stopped`,
    /// once.
    void stop(std::function<void()> stopped);

    /// Asks for a turn: the queue may have something to do, or the journal something to commit.
    void wake();

    [[nodiscard]] const Queue& queue() const { return queue_; }
    [[nodiscard]] Journal& journal() { return parts_.journal; }
    [[nodiscard]] Loop& loop() { return parts_.loop; }

private:
    void end_turn();
    void decide();
    void promise(const Action& action);
    void perform(const Action& action);
    bool commit();
    void plan_wake_up();

    Parts parts_;
    Reports reports_;
    Queue queue_;
    Paperwork paperwork_;
    ProviderCalls calls_;
    Loop::Watch turn_;
    LoopTimer timer_;
    std::vector<Action> decided_;
    std::vector<std::function<void()>> after_commit_;
    std::function<void()> stopped_;
    bool failed_ = false;
    bool more_ = false; ///< The last turn ended with decisions left to take.
};

} // namespace reeld
