/// The shell around the queue: records facts, commits them, performs decisions. The one door.
///
/// One turn of the loop is: callbacks record facts; at its end the queue is asked what to do, what that
/// promises is recorded too, everything is committed with one sync, and only then is anything performed. So
/// nothing is sent whose intent is not durable.
///
/// A journal that stalls (a full disk, see journal.h) stops everything that asks for a commit: nothing that
/// was decided is performed, and nothing new is decided, until a commit succeeds; then all of it goes on as
/// if the turn had just ended. What becomes known meanwhile, the answers to what is under way, is kept.
///
/// Threading: the loop's. Ownership: borrows its parts, which must outlive it. Errors: start() throws
/// JournalError; a journal that fails for good later stops everything at once through `on_journal_failed`,
/// and nothing that was decided in that turn is performed.
#pragma once

#include "daemon/app/batch_hours.h"
#include "daemon/app/limiter_watch.h"
#include "daemon/app/list_looks.h"
#include "daemon/app/paperwork.h"
#include "daemon/app/provider_calls.h"
#include "daemon/app/stall.h"
#include "daemon/app/webhooks.h"
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
        bool only_allowed = false;               ///< See Scheduler::Options. Hours do not hold then.
        std::map<std::string, Duration> typical; ///< Typical times by model, from the catalog.
        std::uint64_t dice = 1;                  ///< Seed for jitter.
        Duration intent_age_max = kIntentAgeMax; ///< Above: a create is withdrawn, not sent.
    };
    /// What the program around is told. Every function must be set, if not said otherwise; the last three may
    /// be left as they are.
    struct Reports {
        std::function<void(const Event&)> happened; ///< An event was recorded (not: is durable yet).
        /// An event of the past was applied, at the start. May be empty.
        std::function<void(const Event&)> replayed = {};
        std::function<void(const std::string&)> trouble; ///< One line: something is tried again by itself.
        std::function<void(const std::string&)>
            on_journal_failed; ///< Nothing is sent any more; end the program.
        /// Nothing is sent until on_journal_resumed. Told once, and again when the cause changes.
        std::function<void(const std::string&)> on_journal_stalled;
        std::function<void()> on_journal_resumed; ///< All that was kept is durable; everything goes on.
        /// A batch's manifest.json is on disk, and the journal knows it: told once, or not at all when reeld
        /// ends before.
        std::function<void(const WrittenManifest&)> batch_ended = [](const WrittenManifest&) {
        };
        /// A commit that had something to write was tried; so long the loop stood for it.
        std::function<void(Duration)> committed = [](Duration) {
        };
        /// A create was decided so long after it had become possible (see limiter_watch.h).
        std::function<void(Duration)> create_decided = [](Duration) {
        };
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

    /// The same, and after every line that is due stands in its manifest.jsonl: for what ends the program.
    /// What cannot be written is made up for at the next start.
    void after_paperwork(std::function<void()> then);

    /// Creates this batch's shots too, with `only_allowed`.
    void allow(BatchKey batch);

    /// Decides no more creates, for good.
    void stop_creating() { queue_.stop_creating(); }

    /// Sends no new creates and polls on until every create under way was answered; then calls `stopped`,
    /// once. While the journal stalls, that is right after one more try to write it.
    void stop(std::function<void()> stopped);

    /// While the journal stalls: why an end of the program now would cost something, and what (see
    /// unrecorded.h). Nothing else is to be waited for: after_commit() may never come. Empty otherwise.
    [[nodiscard]] std::string why_stalled() const;
    /// Whether the journal stalls: nothing is sent until it can be written.
    [[nodiscard]] bool stalled() const { return stall_.on(); }

    /// A webhook arrived. Answers whether it is one of a live create's: when so, as soon as what it says is
    /// durable. What follows from it is done by itself.
    void webhook_arrived(const WebhookCall& call, std::function<void(bool known)> answer);

    /// Asks the provider for a prediction that a person has named for the shot. `why_not`: see why_not_its().
    /// Records nothing.
    void look_up(ShotRef shot, const std::string& prediction,
                 std::function<void(const std::string& why_not)> done);

    /// Asks for a turn: the queue may have something to do, or the journal something to commit.
    void wake();

    [[nodiscard]] const Queue& queue() const { return queue_; }
    [[nodiscard]] const LimiterWatch& limiter() const { return limiter_; }
    [[nodiscard]] Journal& journal() { return parts_.journal; }
    [[nodiscard]] Loop& loop() { return parts_.loop; }

private:
    void end_turn();
    void commit_and_act();
    void decide();
    void promise(const Action& action);
    void perform(const Action& action);
    bool commit();
    void withdraw_or_perform(const Action& action);
    void check_stop();
    void fail(const std::string& why);
    void plan_wake_up();
    void watch_limiter(bool created);

    Parts parts_;
    Reports reports_;
    Duration intent_age_max_;
    Queue queue_;
    BatchHours hours_;
    LimiterWatch limiter_;
    Paperwork paperwork_;
    ProviderHttp provider_;
    Webhooks webhooks_;
    ProviderCalls calls_;
    ListLooks looks_;
    Loop::Watch turn_;
    LoopTimer timer_;
    Stall stall_;
    std::vector<Action> decided_; ///< What the next commit that succeeds lets be performed.
    std::vector<std::function<void()>> after_commit_;
    std::function<void()> stopped_;
    bool stopping_ = false;
    bool failed_ = false;
    bool more_ = false; ///< The last turn ended with decisions left to take.
};

} // namespace reeld
