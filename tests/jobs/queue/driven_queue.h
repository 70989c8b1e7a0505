/// A queue with a clock of the test's own, driven as the daemon drives it.
#pragma once

#include "jobs/queue/queue.h"

#include <functional>
#include <string>
#include <vector>

namespace reeld::test {

using namespace std::chrono_literals;

/// Where the tests' journals begin. Not zero, so that a forgotten instant shows.
inline constexpr Instant kStart{1h};

/// The first shot of the first batch.
inline constexpr ShotRef kShot{.batch = 1, .index = 0};

/// The wall's time at an instant: the tests' wall clock never jumps.
[[nodiscard]] Stamp stamp_at(Instant at);

/// `count` shots alike.
[[nodiscard]] std::vector<ShotFacts> shots(std::size_t count, std::int16_t priority = 0);

[[nodiscard]] Failure failure(std::string code, bool would_fail_again = false);
[[nodiscard]] Refusal refusal(RefusalKind kind, std::optional<Duration> retry_after = std::nullopt);

/// An account's limits; three attempts, an hour's patience, and what a prediction of "model" typically takes.
[[nodiscard]] Ledger::Rules account_rules(int creates, int slots, Duration typical = 160s);

/// Records what the taker of an action owes before it performs it, and keeps the durable events, so that a
/// restart can replay them. An illegal event is a bug of the test and throws.
class DrivenQueue {
public:
    explicit DrivenQueue(const Ledger::Rules& rules = {}, const Scheduler::Options& options = {});

    Instant now = kStart;
    bool webhooks = false; ///< Creates carry one.

    void record(Fact fact);
    void accept(BatchKey key, std::vector<ShotFacts> batch, const std::string& model = "model");

    /// The next action, with its promise recorded.
    std::optional<Action> take();
    /// All actions that are due now.
    std::vector<Action> take_all();
    /// All creates that are due now, in order; drops every other action.
    std::vector<ShotRef> creates();
    /// The same, and each is accepted at once. A prediction's id is "p<batch>.<index>".
    std::vector<ShotRef> accepted_creates();
    /// All polls that are due now; drops every other action.
    std::vector<ShotRef> polls();

    void accepted(ShotRef shot);
    void refused(ShotRef shot, RefusalKind kind, std::optional<Duration> retry_after = std::nullopt);
    /// The answer to the create is lost: the shot is in doubt. `http_status` is that of a useless answer.
    void lost(ShotRef shot, int http_status = 0);
    /// The same, and nobody but a person can tell what became of it.
    void held(ShotRef shot);
    /// The models whose list is to be looked at now; drops every other action.
    std::vector<std::string> looks();
    /// The same, whole.
    std::vector<action::Look> whole_looks();
    /// What a look shows that finds these predictions of ours and nothing else.
    [[nodiscard]] event::ListLooked list_of(const action::Look& look, std::vector<std::string> ours) const;
    /// What the look that was taken last shows beside all that was accepted, by a provider whose clock is the
    /// tests' wall clock.
    void looked(std::vector<Sighting> sightings, bool complete = true, bool inputs_are_told = true,
                const std::string& model = "model");
    void list_failed(int http_status, const std::string& model = "model");
    /// The webhook of the shot's prediction arrives.
    void called(ShotRef shot);
    void succeeded(ShotRef shot);
    /// The prediction failed; the retry is what the ledger's rules say.
    void failed(ShotRef shot, const std::string& code = "provider_error", bool would_fail_again = false);

    /// Replays the durable events into a new queue, as a start does; `Started` follows, and the creates that
    /// nobody knows about are lost.
    void restart(bool same_boot = true);
    void restart(const Ledger::Rules& rules, bool same_boot = true);

    /// next() has nothing; returns wake_at(). Throws when that is now, which would make the loop spin.
    Instant idle_until();

    [[nodiscard]] const Ledger& ledger() const { return queue_.ledger(); }
    [[nodiscard]] ShotState state(ShotRef shot) const { return ledger().shot(shot).state; }
    [[nodiscard]] Queue& queue() { return queue_; }
    [[nodiscard]] const std::vector<Event>& durable() const { return durable_; }

private:
    Scheduler::Options options_;
    Queue queue_;
    std::vector<Event> durable_;
    Instant look_taken_at_{};
    std::vector<std::string> ours_; ///< Predictions that were accepted, which the list shows.
};

} // namespace reeld::test
