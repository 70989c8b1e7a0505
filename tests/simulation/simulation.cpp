#include "tests/simulation/simulation.h"

#include "tests/simulation/hours.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

/// A night that takes longer than this after faults have stopped does not come to its end.
constexpr Duration kCalmMax = 48h;
/// Likewise one of more steps.
constexpr int kStepsMax = 3'000'000;
/// How long the world goes on after all is done: until nothing can arrive any more.
constexpr Duration kDawn = 10min;
constexpr std::size_t kOthersMax = 1'000;

} // namespace

Simulation::Bounds Simulation::Bounds::draw(Dice& dice) {
    static constexpr std::array<Duration, 4> kSettle = {2min, 2min, 30s, 5min};
    static constexpr std::array<Duration, 3> kGiveUp = {10min, 30min, 1h};
    Bounds bounds{.settle = kSettle.at(dice.roll(kSettle.size()))};
    bounds.late = dice.between(0s, bounds.settle / 2);
    bounds.lag = std::min<Duration>(120s, bounds.settle - bounds.late - 3s);
    bounds.give_up = kGiveUp.at(dice.roll(kGiveUp.size()));
    return bounds;
}

Simulation::Simulation(std::uint64_t seed, bool printed)
    : dice_(seed), calm_at_(dice_.between(20min, 150min)), faults_(dice_, calm_at_),
      bounds_(Bounds::draw(dice_)), trace_(clocks_, printed),
      provider_({.dice = dice_, .clocks = clocks_, .faults = faults_},
                {.list_lag_max = bounds_.lag, .hang_min = bounds_.give_up, .late_max = bounds_.late}),
      network_({.dice = dice_,
                .clocks = clocks_,
                .agenda = agenda_,
                .faults = faults_,
                .trace = trace_,
                .provider = provider_},
               bounds_.late, [this](const eachlabs::Call& call) { arrived(call); }),
      audit_(clocks_, provider_),
      person_({.dice = dice_, .clocks = clocks_, .faults = faults_, .audit = audit_},
              Network::kCreateTimeout + bounds_.late + 5s),
      storyboards_(draw_storyboards(dice_)) {
    clocks_.wall_error = dice_.between(-2s, 2s);
    if (faults_.strikes(FaultClass::provider_clock_off))
        clocks_.provider_error = dice_.between(-10min, 10min);
    if (faults_.strikes(FaultClass::provider_clocks_apart)) clocks_.rows_error = dice_.between(-20s, 20s);
    draw_limits();
    draw_retries();
    scheduling_.polls_at_once = dice_.chance(0.5) ? 3 : 128;
    scheduling_.dice = dice_.roll(1'000'000);
    webhooks_ = !faults_.strikes(FaultClass::webhooks_off);
    if (faults_.strikes(FaultClass::hours)) hours_ = minutes_of_each_hour();
    start();
    for (std::size_t i = 0; i < storyboards_.size(); ++i) after(storyboards_[i].at, [this, i] { drop(i); });
    agenda_.at(calm_at_, [this] {
        trace_.say("faults stop");
        faults_.stop();
    });
    others_create();
    person_looks();
}

Simulation::~Simulation() {
    disk_.die();
}

void Simulation::draw_limits() {
    rules_.creates = {.capacity = 1 + static_cast<int>(dice_.roll(6)), .window = dice_.between(5s, 60s)};
    rules_.slots = 1 + static_cast<int>(dice_.roll(6));
}

void Simulation::draw_retries() {
    rules_.attempts = 1 + static_cast<int>(dice_.roll(4));
    rules_.give_up = dice_.between(bounds_.give_up / 2, bounds_.give_up);
    rules_.typical = {{"kling-0", 100s}};
    scheduling_.polling = {.first = {}, .min = 1s, .max = 15s, .give_up = rules_.give_up};
    scheduling_.settling = {.settle = dice_.between(bounds_.settle, bounds_.settle * 2),
                            .retry_unresolved = dice_.chance(0.3)};
    rules_.settle = scheduling_.settling.settle;
}

Shell::Options Simulation::options() {
    static constexpr std::array<std::size_t, 3> kActions = {1, 3, 128};
    return {.rules = rules_,
            .scheduling = scheduling_,
            .actions_per_turn = kActions.at(dice_.roll(kActions.size())),
            .webhooks = webhooks_,
            .hours = hours_,
            .later = [this, run = run_](Duration wait,
                                        std::function<void()> what) { later(run, wait, std::move(what)); },
            .pause =
                [this](Duration time) {
                    paused_until_ = clocks_.now + time;
                }};
}

void Simulation::start() {
    ++run_;
    disk_.revive();
    disk_.full = faults_.rages(FaultClass::disk_full, clocks_.now);
    disk_.syncs_fail = faults_.strikes(FaultClass::failing_sync);
    if (faults_.strikes(FaultClass::crash_in_commit)) disk_.die_after(1 + dice_.roll(20));
    if (run_ > 1 && faults_.strikes(FaultClass::other_limits)) draw_limits();
    if (run_ > 1 && faults_.strikes(FaultClass::other_retries)) draw_retries();
    trace_.say("start {}: {} creates in {} s, {} slots, settle {} s", run_, rules_.creates.capacity,
               rules_.creates.window.count() / 1'000'000, rules_.slots,
               scheduling_.settling.settle.count() / 1'000'000);
    try {
        shell_ = std::make_unique<Shell>(Shell::Parts{.dice = dice_,
                                                      .clocks = clocks_,
                                                      .faults = faults_,
                                                      .trace = trace_,
                                                      .disk = disk_,
                                                      .network = network_,
                                                      .audit = audit_,
                                                      .manifests = manifests_},
                                         options(), run_);
    } catch (const Killed& killed) {
        return end_run(killed.by);
    } catch (const JournalError& error) {
        if (!disk_.full && !disk_.dead() && !disk_.syncs_fail)
            throw Violation(fmt::format("the journal cannot be opened again: {}", error.what()));
        return end_run(FaultClass::crash_in_commit);
    }
    disk_.die_after(UINT64_MAX);
    later(run_, 0s, [] {});
    for (std::size_t i = 0; i < storyboards_.size(); ++i) {
        if (storyboards_[i].at <= clocks_.now) drop(i);
    }
}

void Simulation::later(int run, Duration wait, std::function<void()> what) {
    after(wait, [this, run, what = std::move(what)]() mutable {
        if (run != run_ || !shell_) return;
        if (clocks_.now < paused_until_) return later(run, paused_until_ - clocks_.now, std::move(what));
        enter(what);
    });
}

void Simulation::enter(const std::function<void()>& what) {
    if (faults_.strikes(FaultClass::wall_jump)) clocks_.wall_error = dice_.between(-1h, 1h);
    try {
        what();
        shell_->end_turn();
        if (shell_->turn_wanted()) later(run_, 0s, [] {});
    } catch (const Killed& killed) {
        end_run(killed.by);
    }
    if (faults_.strikes(FaultClass::pause)) paused_until_ = clocks_.now + dice_.between(1s, 20min);
}

void Simulation::end_run(FaultClass by) {
    trace_.say("the program ends: {}", to_word(by));
    disk_.die();
    shell_.reset();
    network_.hang_up();
    const bool dark =
        by == FaultClass::power_cut ||
        (by == FaultClass::crash_in_commit && faults_.tonight(FaultClass::power_cut) && dice_.chance(0.5));
    if (dark) disk_.cut_power(dice_);
    Duration down = dice_.between(1s, 1min);
    if (dark || by == FaultClass::reboot) {
        down = dice_.between(20s, 10min);
        clocks_.booted_at = clocks_.now + down - dice_.between(5s, 20s);
        ++clocks_.boot;
        if (faults_.strikes(FaultClass::wall_lost)) clocks_.wall_error = dice_.between(-1h, 1h);
    }
    paused_until_ = {};
    after(down, [this] { start(); });
}

void Simulation::drop(std::size_t storyboard) {
    if (!shell_) return; // It lies in the folder until the next start.
    later(run_, 0s, [this, storyboard] {
        const auto& it = storyboards_[storyboard];
        shell_->accept(it.row, it.shots);
    });
}

void Simulation::arrived(const eachlabs::Call& call) {
    static const Ledger kNobody{Ledger::Rules{}};
    const auto& books = provider_.books();
    trace_.say("a create arrives; the latest prediction is {}", books.empty() ? "none" : books.back().id);
    audit_.look_at_books(shell_ ? shell_->ledger() : kNobody);
    for (; booked_ < books.size(); ++booked_) plan_webhooks(books[booked_]);
    if (!faults_.strikes(FaultClass::foreign_equal)) return;
    after(dice_.between(0s, 90s), [this, call] { provider_.repeat_as_foreign(call); });
}

void Simulation::others_create() {
    const auto& batch = storyboards_[dice_.roll(storyboards_.size())];
    const auto& shot = batch.shots[dice_.roll(batch.shots.size())];
    if (faults_.strikes(FaultClass::foreign_equal)) provider_.create_foreign(shot.model, shot.input);
    if (others_ < kOthersMax && faults_.strikes(FaultClass::foreign_other)) {
        const auto count = 1 + dice_.roll(150);
        others_ += count;
        for (std::uint64_t i = 0; i < count; ++i)
            provider_.create_foreign(shot.model, fmt::format(R"({{"prompt":"not ours {}"}})", i));
    }
    if (!faults_.stopped()) after(dice_.between(1s, 2min), [this] { others_create(); });
}

void Simulation::person_looks() {
    if (shell_) {
        later(run_, 0s, [this] {
            if (faults_.stopped()) {
                person_.clear(*shell_);
            } else {
                person_.look(*shell_);
                person_.meddle(*shell_);
            }
        });
    }
    after(dice_.between(30s, 10min), [this] { person_looks(); });
}

bool Simulation::done() const {
    return shell_ && shell_->ledger().batches().size() == storyboards_.size() && shell_->all_done();
}

void Simulation::run() {
    Moment dawn = Moment::max();
    for (int steps = 0; clocks_.now < dawn; ++steps) {
        if (steps == kStepsMax || clocks_.now > calm_at_ + kCalmMax)
            throw Violation("the night does not come to its end");
        clocks_.now = agenda_.next();
        agenda_.take()();
        if (!done()) {
            dawn = Moment::max();
        } else if (dawn == Moment::max()) {
            faults_.stop(); // What is left of the night would be empty.
            dawn = clocks_.now + kDawn;
        }
    }
    shell_->check_replay();
    audit_.look_at_books(shell_->ledger());
    audit_.close(shell_->ledger());
    manifests_.close(shell_->journal(), shell_->ledger());
}

int Simulation::shots_in(ShotState state) const {
    std::uint32_t count = 0;
    for (const auto& [key, batch] : shell_->ledger().batches()) count += batch.count(state);
    return static_cast<int>(count);
}

} // namespace reeld::test
