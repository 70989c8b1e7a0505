/// A night on a virtual clock, with a provider, a network, a disk, a program and a person, all by seed.
///
/// Not a mock: the queue, the journal, the looks at the list and the readers of answers are the real ones;
/// only the world around them is made up. The night checks itself at every step, as the provider sees it by
/// its own books (audit.h); what is found broken is thrown as Violation, in words.
///
/// Bounds of the world, since beyond them no client could know what became of a create: one that arrives late
/// does so at most `late` after it was given up for lost, the list lags by at most `lag`, and both together
/// are shorter than `settle`; a prediction that nobody knows of runs for less than `give_up`, or holds no
/// slot from then on. Not here, since the queue does not have them yet: a person's pause and cancel.
#pragma once

#include "tests/simulation/person.h"
#include "tests/simulation/shell.h"
#include "tests/simulation/storyboards.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace reeld::test {

class Simulation {
public:
    explicit Simulation(std::uint64_t seed, bool printed = false);
    ~Simulation();
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    /// To the end of the night. Throws Violation.
    void run();

    [[nodiscard]] std::uint64_t hash() const { return trace_.hash(); }
    [[nodiscard]] const Faults& faults() const { return faults_; }
    [[nodiscard]] const DoubtTally& doubts() const { return audit_.doubts(); }
    /// Those for which the list worked; none in a night when the provider's clocks disagree, as then no time
    /// in its list means anything.
    [[nodiscard]] DoubtTally doubts_with_list() const {
        return faults_.tonight(FaultClass::provider_clocks_apart) ? DoubtTally{} : audit_.doubts_with_list();
    }
    [[nodiscard]] std::uint64_t doubts_beside_strangers() const { return audit_.doubts_beside_strangers(); }
    [[nodiscard]] Moment simulated() const { return clocks_.now; }
    [[nodiscard]] int starts() const { return run_; }
    [[nodiscard]] int shots_in(ShotState state) const;
    [[nodiscard]] std::size_t creates() const { return provider_.books().size(); }

private:
    /// What the night's configurations have in common, and the bounds that follow.
    struct Bounds {
        Duration settle{}; ///< At least.
        Duration late{};
        Duration lag{};
        Duration give_up{}; ///< At most.
        static Bounds draw(Dice& dice);
    };

    void draw_limits();
    void draw_retries();
    void start();
    [[nodiscard]] Shell::Options options();
    void enter(const std::function<void()>& what);
    void later(int run, Duration wait, std::function<void()> what);
    void end_run(FaultClass by);
    void drop(std::size_t storyboard);
    void arrived(const eachlabs::Call& call);
    void plan_webhooks(const Booked& booked);
    void deliver_webhook(const std::string& prediction, int attempt);
    void post(
        const WebhookCall& call, std::function<void()> answered = [] {});
    void others_create();
    void person_looks();
    [[nodiscard]] bool done() const;
    void after(Duration wait, std::function<void()> what) { agenda_.at(clocks_.now + wait, std::move(what)); }

    Dice dice_;
    Clocks clocks_;
    Moment calm_at_; ///< When faults stop.
    Faults faults_;
    Bounds bounds_;
    Trace trace_;
    Agenda agenda_;
    Provider provider_;
    Network network_;
    Audit audit_;
    Disk disk_;
    Manifests manifests_;
    Person person_;
    std::vector<Dropped> storyboards_;
    Ledger::Rules rules_;
    Scheduler::Options scheduling_;
    std::unique_ptr<Shell> shell_;
    int run_ = 0; ///< The program's latest run, counted from 1.
    Moment paused_until_{};
    bool webhooks_ = false;                ///< Tonight's creates carry them.
    std::string hours_;                    ///< Tonight's configuration has; empty: any.
    std::size_t booked_ = 0;               ///< Predictions whose webhooks are planned.
    std::set<std::string> webhooks_heard_; ///< Predictions whose webhooks were answered.
    std::size_t others_ = 0;               ///< Executions of other programs so far.
};

} // namespace reeld::test
