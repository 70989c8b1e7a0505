/// One run of the daemon in a simulated night, from its start to its crash: the real queue, the real journal
/// and the real looks, driven turn by turn as daemon/app/app.cpp drives them.
///
/// Imitated are only the loop, the folder of manifests, and the order of a turn: decide, promise, commit,
/// perform. Any of these steps can be the last one.
#pragma once

#include "daemon/app/answer_facts.h"
#include "daemon/app/batch_hours.h"
#include "daemon/app/list_look.h"
#include "daemon/app/provider_clock.h"
#include "daemon/app/webhook_arrivals.h"
#include "daemon/journal/journal.h"
#include "jobs/queue/queue.h"
#include "tests/simulation/audit.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/manifests.h"
#include "tests/simulation/network.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace reeld::test {

/// Thrown where the program ends without having meant to.
struct Killed {
    FaultClass by{};
};

class Shell {
public:
    struct Parts {
        Dice& dice;
        Clocks& clocks;
        Faults& faults;
        Trace& trace;
        Disk& disk;
        Network& network;
        Audit& audit;
        Manifests& manifests;
    };
    struct Options {
        Ledger::Rules rules;
        Scheduler::Options scheduling;
        std::size_t actions_per_turn = 128;
        bool webhooks = false; ///< Creates carry one.
        std::string hours;     ///< As the configuration has them; empty: any.
        /// Runs `what` later as a callback of the loop, unless this run has ended by then.
        std::function<void(Duration wait, std::function<void()> what)> later;
        /// Nothing of this program runs for so long.
        std::function<void(Duration)> pause;
    };

    /// Starts: opens the journal, replays it, and gives up for lost what a crash left unanswered. Throws
    /// JournalError, Killed and Violation.
    Shell(Parts parts, Options options, int run);

    /// Records a fact now. It is durable at the end of this turn.
    void record(Fact fact);

    /// Ends a turn of the loop, if anything asked for one.
    void end_turn();

    /// Takes a batch in: all of its shots, and the fact that it is accepted. Returns false when the journal
    /// has it already.
    bool accept(BatchRow row, const std::vector<StoryboardShot>& shots);

    /// A webhook arrives, which is `answered` with 200 when what it says is durable.
    void call(const WebhookCall& call, std::function<void()> answered);

    /// Asks for a turn.
    void wake() { turn_wanted_ = true; }

    [[nodiscard]] bool turn_wanted() const { return turn_wanted_; }

    /// How long ago the shot's create was about to be sent, by our clock. Requires that it is active.
    [[nodiscard]] Duration age_of(ShotRef shot) const {
        return now().at - ledger().active().at(shot).intended_at;
    }

    [[nodiscard]] const Ledger& ledger() const { return queue_.ledger(); }
    [[nodiscard]] const Journal& journal() const { return journal_; }
    [[nodiscard]] bool all_done() const;

    /// Throws Violation unless a replay of the journal makes the same ledger. Requires that everything is
    /// committed.
    void check_replay() const;

private:
    void start();
    void decide();
    void promise(const Action& action);
    [[nodiscard]] bool commit();
    void perform_all(const std::vector<Action>& durable);
    void perform(const Action& action);
    void perform_create(ShotRef ref);
    void perform_poll(const action::Poll& poll);
    void ask_questions();
    void go_on_looking(const std::string& model);
    void step_paperwork();
    void check_hours(ShotRef shot) const;
    void plan_wake_up();
    /// A place where the program can end.
    void step();
    void hear(const HttpAnswer& answer, Instant asked_at) { clock_.hear(answer.date, asked_at, now().at); }
    [[nodiscard]] Stamp now() const;
    void ask(Network::Kind kind, const eachlabs::Call& call, Network::Done done);

    Parts parts_;
    Options options_;
    int run_;
    Journal journal_;
    Queue queue_;
    BatchHours hours_;
    WebhookArrivals arrivals_;
    Duration offset_{}; ///< Of the journal's timeline against CLOCK_BOOTTIME.
    ProviderClock clock_;
    PollFacts poll_facts_;
    std::map<std::string, ListLook> looks_;
    std::map<std::string, NobodysInputs> inputs_;
    std::vector<Action> decided_;
    std::map<std::string, std::uint64_t> syncs_at_intent_; ///< By request id.
    std::set<std::string> uncommitted_intents_;            ///< Request ids.
    std::vector<std::function<void()>> webhook_answers_;   ///< That wait for a commit.
    bool turn_wanted_ = false;
    bool paperwork_waits_ = false; ///< For the folder to have room again.
    bool more_ = false;
    bool stalled_ = false; ///< The last commit could not be done for now: nothing new is decided.
    Moment retry_at_{};    ///< When the next one is due.
    std::uint64_t turns_ = 0;
    int requests_ = 0;
    std::optional<Instant> alarm_; ///< The earliest wake-up that was asked of the loop.
};

} // namespace reeld::test
