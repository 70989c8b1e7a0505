#include "jobs/queue/scheduler.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

#include <set>

namespace reeld::test {

namespace {

using Shots = std::vector<ShotRef>;

template <class Kind>
std::vector<Kind> of_kind(const std::vector<Action>& actions) {
    std::vector<Kind> found;
    for (const auto& action : actions) {
        if (const auto* it = std::get_if<Kind>(&action)) found.push_back(*it);
    }
    return found;
}

} // namespace

TEST_CASE("creates stop at the slots, and go on when a prediction ends") {
    DrivenQueue queue{account_rules(100, 2)};
    queue.accept(1, shots(5));
    CHECK(queue.accepted_creates() == Shots{{1, 0}, {1, 1}});
    CHECK(queue.creates().empty());
    queue.now += 2min;
    queue.succeeded({1, 0});
    CHECK(queue.creates() == Shots{{1, 2}});
}

TEST_CASE("creates stop at the tokens, and go on one window after the answers") {
    DrivenQueue queue{account_rules(2, 10)};
    queue.accept(1, shots(5));
    const auto first = queue.creates();
    CHECK(first.size() == 2);
    queue.now += 1s;
    for (const ShotRef shot : first) queue.accepted(shot);
    queue.now += 60s - 1us;
    CHECK(queue.creates().empty());
    queue.now += 1us;
    CHECK(queue.creates() == Shots{{1, 2}, {1, 3}});
}

TEST_CASE("a higher priority goes first, also that of a single shot") {
    DrivenQueue queue{account_rules(100, 2)};
    auto batch = shots(3);
    batch.at(2).priority = 7;
    queue.accept(1, batch);
    queue.accept(2, shots(1, 3));
    CHECK(queue.creates() == Shots{{1, 2}, {2, 0}});
}

TEST_CASE("batches of one priority take turns, the one served least recently first") {
    DrivenQueue queue{account_rules(100, 6)};
    queue.accept(1, shots(100));
    queue.accept(2, shots(2));
    CHECK(queue.creates() == Shots{{1, 0}, {2, 0}, {1, 1}, {2, 1}, {1, 2}, {1, 3}});
}

TEST_CASE("a rejected key stops all creates and keeps the shots; running predictions are polled") {
    DrivenQueue queue{account_rules(100, 2)};
    queue.accept(1, shots(3));
    queue.creates();
    queue.accepted({1, 0});
    queue.refused({1, 1}, RefusalKind::key_rejected);
    CHECK(queue.creates().empty());
    CHECK(queue.state({1, 1}) == ShotState::queued);
    queue.now += 15s;
    CHECK(queue.polls() == Shots{{1, 0}});
}

TEST_CASE("an empty balance lets creates go on when a prediction has ended") {
    DrivenQueue queue{account_rules(100, 2)};
    queue.accept(1, shots(3));
    queue.creates();
    queue.accepted({1, 0});
    queue.refused({1, 1}, RefusalKind::no_balance);
    CHECK(queue.creates().empty());
    queue.now += 1s;
    queue.succeeded({1, 0});
    CHECK(queue.creates() == Shots{{1, 1}});
}

TEST_CASE("Retry-After is waited for, to the microsecond") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.creates();
    queue.refused({1, 0}, RefusalKind::too_fast, 17s);
    CHECK(queue.idle_until() == kStart + 17s);
    queue.now = kStart + 17s;
    CHECK(queue.creates() == Shots{{1, 0}});
}

TEST_CASE("a cap in flight waits for a prediction to end, not only for a backoff") {
    DrivenQueue queue{account_rules(100, 3)};
    queue.accept(1, shots(3));
    queue.creates();
    queue.accepted({1, 0});
    queue.accepted({1, 1});
    queue.refused({1, 2}, RefusalKind::too_many_running);
    queue.now += 5min;
    CHECK(queue.creates().empty());
    queue.succeeded({1, 0});
    CHECK(queue.creates() == Shots{{1, 2}});
}

TEST_CASE("after a refusal creates go one at a time until one is accepted") {
    DrivenQueue queue{account_rules(100, 3)};
    queue.accept(1, shots(3));
    for (const ShotRef shot : queue.creates()) queue.refused(shot, RefusalKind::too_fast, 1s);
    queue.now += 1s;
    CHECK(queue.creates() == Shots{{1, 0}});
    CHECK(queue.idle_until() == Instant::max());
    queue.accepted({1, 0});
    CHECK(queue.creates() == Shots{{1, 1}, {1, 2}});
}

TEST_CASE("a retried shot waits for its backoff and then takes its place by the storyboard") {
    DrivenQueue queue{account_rules(100, 1)};
    queue.accept(1, shots(3));
    queue.accepted_creates();
    queue.failed({1, 0});
    CHECK(queue.accepted_creates() == Shots{{1, 1}});
    queue.now += 10s;
    queue.succeeded({1, 1});
    CHECK(queue.creates() == Shots{{1, 0}});
}

TEST_CASE("a held shot is never created again, and its slot serves others once it is given up") {
    DrivenQueue queue{account_rules(100, 1)};
    queue.accept(1, shots(2));
    queue.creates();
    queue.held({1, 0});
    CHECK(queue.idle_until() == kStart + 1h);
    queue.now = kStart + 1h;
    CHECK(queue.accepted_creates() == Shots{{1, 1}});
    queue.succeeded({1, 1});
    queue.now += 24h;
    CHECK(queue.creates().empty());
    CHECK(queue.idle_until() == Instant::max());
}

TEST_CASE("an overdue prediction is cancelled once and polled until it ends") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.accepted_creates();
    queue.now += 1h;
    const auto actions = queue.take_all();
    CHECK(of_kind<action::Cancel>(actions) ==
          std::vector<action::Cancel>{{.shot = {1, 0}, .prediction = "p1.0"}});
    CHECK(of_kind<action::Poll>(actions).size() == 1);
    queue.record(event::PollPending{.shot = {1, 0}, .status = "processing"});
    queue.now += 1h;
    const auto later = queue.take_all();
    CHECK(of_kind<action::Cancel>(later).empty());
    CHECK(of_kind<action::Poll>(later).size() == 1);
}

TEST_CASE("a poll is asked once, and again only after its answer") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.accepted_creates();
    queue.now += 15s;
    CHECK(queue.polls() == Shots{{1, 0}});
    queue.now += 10min;
    CHECK(queue.polls().empty());
    queue.record(event::PollPending{.shot = {1, 0}, .status = "starting"});
    queue.now += 15s;
    CHECK(queue.polls() == Shots{{1, 0}});
}

TEST_CASE("no more polls are under way than allowed, and the wait for them does not spin") {
    DrivenQueue queue{account_rules(100, 5),
                      {.polling = {}, .polls_at_once = 2, .dice = 1, .only_allowed = false}};
    queue.accept(1, shots(5));
    queue.accepted_creates();
    queue.now += 1min;
    const auto first = queue.polls();
    CHECK(first.size() == 2);
    CHECK(queue.idle_until() == kStart + 1h); // Until the first is overdue, since no answer comes.
    queue.record(event::PollPending{.shot = first.front(), .status = "starting"});
    CHECK(queue.polls().size() == 1);
}

TEST_CASE("a failed poll changes nothing but the time of the next, and its Retry-After is obeyed") {
    DrivenQueue queue;
    queue.accept(1, shots(2));
    queue.accepted_creates();
    queue.now += 15s;
    static_cast<void>(queue.polls());
    queue.record(event::PollPending{.shot = {1, 1}, .status = "starting"});
    queue.record(
        event::PollFailed{.shot = {1, 0}, .http_status = 429, .cause = "too fast", .retry_after = 90s});
    CHECK(queue.state({1, 0}) == ShotState::rendering);
    queue.succeeded({1, 1}); // News of a peer does not override what the provider asked for.
    queue.now += 90s - 1us;
    CHECK(queue.polls().empty());
    queue.now += 1us;
    CHECK(queue.polls() == Shots{{1, 0}});
}

TEST_CASE("a poll that brings news ends the backoff of those that failed") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.accepted_creates();
    const auto fail_next = [&] {
        queue.now = queue.idle_until();
        REQUIRE(queue.polls().size() == 1);
        queue.record(
            event::PollFailed{.shot = {1, 0}, .http_status = 502, .cause = "oops", .retry_after = {}});
        return queue.idle_until() - queue.now;
    };
    const Duration first = fail_next();
    fail_next();
    CHECK(fail_next() > 2 * first);
    queue.now = queue.idle_until();
    REQUIRE(queue.polls().size() == 1);
    queue.record(event::PollPending{.shot = {1, 0}, .status = "starting"});
    CHECK(fail_next() < 2 * first);
}

TEST_CASE("every finished shot gets its line once, and the batch its manifest after the last line") {
    DrivenQueue queue;
    queue.accept(1, shots(2));
    queue.accepted_creates();
    queue.succeeded({1, 1});
    CHECK(of_kind<action::AppendLine>(queue.take_all()) == std::vector<action::AppendLine>{{{1, 1}}});
    queue.failed({1, 0}, "content_moderation", true);
    const auto actions = queue.take_all();
    REQUIRE(actions.size() == 2);
    CHECK(std::get<action::AppendLine>(actions.at(0)).shot == ShotRef{1, 0});
    CHECK(std::get<action::WriteManifest>(actions.at(1)).batch == 1);
    CHECK(queue.take_all().empty());
}

TEST_CASE("a batch with a held shot gets no manifest: it is not done") {
    DrivenQueue queue;
    queue.accept(1, shots(2));
    queue.creates();
    queue.held({1, 0});
    queue.refused({1, 1}, RefusalKind::invalid_input);
    CHECK(of_kind<action::WriteManifest>(queue.take_all()).empty());
}

TEST_CASE("a stopped queue creates nothing more and polls on") {
    DrivenQueue queue{account_rules(100, 1)};
    queue.accept(1, shots(2));
    queue.accepted_creates();
    queue.queue().stop_creating();
    queue.now += 15s;
    CHECK(queue.polls() == Shots{{1, 0}});
    queue.succeeded({1, 0});
    CHECK(queue.creates().empty());
    CHECK(queue.idle_until() == Instant::max());
}

TEST_CASE("only allowed batches are created, the others' predictions are polled all the same") {
    const Scheduler::Options only{.polling = {}, .polls_at_once = 128, .dice = 1, .only_allowed = true};
    DrivenQueue queue{account_rules(100, 2), only};
    queue.accept(1, shots(2));
    queue.accept(2, shots(2));
    CHECK(queue.creates().empty());
    CHECK(queue.idle_until() == Instant::max());
    queue.queue().allow(1);
    queue.queue().allow(1);
    CHECK(queue.accepted_creates() == Shots{{1, 0}, {1, 1}});
    queue.restart();
    queue.queue().allow(2);
    queue.now += 1min;
    const auto polled = queue.polls();
    CHECK(std::set<ShotRef>(polled.begin(), polled.end()) == std::set<ShotRef>{{1, 0}, {1, 1}});
    queue.failed({1, 0});
    CHECK(queue.accepted_creates() == Shots{{2, 0}});
    queue.now += 10min;
    queue.succeeded({1, 1});
    CHECK(queue.creates() == Shots{{2, 1}}); // Not the retry of a batch that is not allowed.
}

TEST_CASE("a batch allowed later does not cut short the backoff of its shots") {
    const Scheduler::Options only{.polling = {}, .polls_at_once = 128, .dice = 1, .only_allowed = true};
    DrivenQueue queue{account_rules(100, 2), only};
    queue.accept(1, shots(1));
    queue.queue().allow(1);
    queue.accepted_creates();
    queue.failed({1, 0});
    queue.restart();
    queue.queue().allow(1);
    CHECK(queue.creates().empty());
    queue.now = queue.idle_until();
    CHECK(queue.creates() == Shots{{1, 0}});
}

TEST_CASE("a batch allowed in the middle of its work creates what is queued, and nothing that is under way") {
    const Scheduler::Options only{.polling = {}, .polls_at_once = 128, .dice = 1, .only_allowed = true};
    DrivenQueue queue{account_rules(100, 1), only};
    queue.accept(1, shots(2));
    queue.queue().allow(1);
    CHECK(queue.accepted_creates() == Shots{{1, 0}});
    queue.restart();
    queue.queue().allow(1);
    queue.now += 10min;
    CHECK(queue.creates().empty());
    queue.succeeded({1, 0});
    CHECK(queue.creates() == Shots{{1, 1}});
}

TEST_CASE("where everything is allowed, to allow a batch changes nothing") {
    DrivenQueue queue{account_rules(100, 1)};
    queue.accept(1, shots(2));
    queue.queue().allow(1);
    CHECK(queue.creates() == Shots{{1, 0}});
}

TEST_CASE("lines, a manifest and cancels that a crash left uncertain wake the loop at once") {
    DrivenQueue queue{account_rules(100, 2)};
    queue.accept(1, shots(2));
    queue.accepted_creates();
    queue.succeeded({1, 0});
    CHECK(queue.queue().wake_at(queue.now) == queue.now); // A line.
    queue.take_all();
    queue.succeeded({1, 1});
    REQUIRE(queue.take().has_value()); // The last line; the manifest is left.
    CHECK(queue.queue().wake_at(queue.now) == queue.now);
    queue.take_all();
    queue.accept(2, shots(1));
    queue.accepted_creates();
    queue.record(event::PredictionOverdue{.shot = {2, 0}});
    queue.record(event::ManifestWritten{.batch = 1});
    queue.restart();
    CHECK(queue.queue().wake_at(queue.now) == queue.now);
    CHECK(of_kind<action::Cancel>(queue.take_all()).size() == 1);
}

TEST_CASE("the end of one model's prediction brings no poll of another model's forward") {
    DrivenQueue queue{account_rules(100, 2)};
    queue.accept(1, shots(1));
    queue.accept(2, shots(1), "slow");
    queue.accepted_creates();
    const Instant before = queue.idle_until();
    queue.now += 1s;
    queue.succeeded({1, 0});
    queue.take_all();
    CHECK(queue.idle_until() == before);
    queue.now = before;
    CHECK(queue.polls() == Shots{{2, 0}});
}

TEST_CASE("a hundred thousand shots under a suspension wake the loop at its end and not before") {
    DrivenQueue queue;
    queue.accept(1, shots(100'000));
    for (const ShotRef shot : queue.creates()) queue.refused(shot, RefusalKind::key_rejected);
    const auto* suspension = queue.ledger().account().suspension(queue.now);
    REQUIRE(suspension != nullptr);
    CHECK(queue.idle_until() == suspension->until);
    queue.now = suspension->until - 1us;
    CHECK(queue.idle_until() == suspension->until);
    queue.now = suspension->until;
    CHECK(queue.creates().size() == 1);
}

} // namespace reeld::test
