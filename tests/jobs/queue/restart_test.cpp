#include "tests/jobs/queue/driven_queue.h"

#include <algorithm>
#include <doctest/doctest.h>

namespace reeld::test {

namespace {

using Shots = std::vector<ShotRef>;

Ledger::Rules rules(int creates, int slots, int attempts = 3) {
    return {.creates = {.capacity = creates, .window = 60s},
            .slots = slots,
            .attempts = attempts,
            .backoff = {},
            .give_up = 1h,
            .settle = 2min,
            .typical = {}};
}

} // namespace

TEST_CASE("a restart does not create a retried shot again while its retry renders") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.accepted_creates();
    queue.now += 1min;
    queue.failed({1, 0});
    queue.now = queue.idle_until();
    REQUIRE(queue.accepted_creates().size() == 1);
    queue.restart();
    queue.now += 10min;
    CHECK(queue.creates().empty());
}

TEST_CASE("a create that was under way at a crash is in doubt, and never sent again unless that is settled") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.creates();
    queue.restart();
    CHECK(queue.state({1, 0}) == ShotState::in_doubt);
    queue.now += 24h;
    CHECK(queue.creates().empty());
}

TEST_CASE(
    "what was given up before a crash is cancelled once more at the start: the cancel may not have left") {
    DrivenQueue queue;
    queue.accept(1, shots(2));
    queue.accepted_creates();
    queue.record(event::PredictionOverdue{{1, 0}});
    CHECK(queue.take_all().empty());
    queue.restart();
    const auto actions = queue.take_all();
    const auto cancels = std::count_if(actions.begin(), actions.end(), [](const Action& action) {
        return std::holds_alternative<action::Cancel>(action);
    });
    CHECK(cancels == 1);
    queue.restart();
    queue.succeeded({1, 0});
    for (const auto& action : queue.take_all()) CHECK_FALSE(std::holds_alternative<action::Cancel>(action));
}

TEST_CASE(
    "after a restart everything that renders is polled at once, and each finished shot has its line again") {
    DrivenQueue queue;
    queue.accept(1, shots(3));
    queue.accepted_creates();
    queue.succeeded({1, 2});
    static_cast<void>(queue.take_all());
    queue.now += 10min;
    queue.restart();
    int polls = 0;
    int lines = 0;
    for (const auto& action : queue.take_all()) {
        if (std::holds_alternative<action::Poll>(action)) ++polls;
        if (std::holds_alternative<action::AppendLine>(action)) ++lines;
    }
    CHECK(polls == 2);
    CHECK(lines == 1);
}

TEST_CASE("a finished batch asks for its manifest again after a restart, until that was written") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.accepted_creates();
    queue.succeeded({1, 0});
    static_cast<void>(queue.take_all());
    queue.restart();
    CHECK(queue.take_all().size() == 2);
    queue.record(event::ManifestWritten{1});
    queue.restart();
    CHECK(queue.take_all().empty());
}

TEST_CASE("a backoff goes on over a restart") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.accepted_creates();
    queue.failed({1, 0});
    const Instant due = queue.idle_until();
    queue.restart();
    CHECK(queue.idle_until() == due);
    queue.now = due;
    CHECK(queue.creates() == Shots{{1, 0}});
}

TEST_CASE("a Retry-After goes on over a restart, a rejected key is asked about at once") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.creates();
    queue.refused({1, 0}, RefusalKind::too_fast, 90s);
    queue.restart();
    CHECK(queue.idle_until() == kStart + 90s);
    queue.now += 90s;
    queue.creates();
    queue.refused({1, 0}, RefusalKind::key_rejected);
    CHECK(queue.creates().empty());
    queue.restart();
    CHECK(queue.creates() == Shots{{1, 0}});
}

TEST_CASE("a restart with lower limits waits until the new ones are kept") {
    DrivenQueue queue{rules(10, 10)};
    queue.accept(1, shots(20));
    REQUIRE(queue.accepted_creates().size() == 10);
    queue.restart(rules(3, 2));
    CHECK(queue.creates().empty());
    for (std::uint32_t i = 0; i < 9; ++i) queue.succeeded({1, i});
    CHECK(queue.creates().empty()); // A slot is free, a token is not.
    queue.now = kStart + 60s;
    CHECK(queue.creates() == Shots{{1, 10}});
}

TEST_CASE("a restart with higher limits uses them at once") {
    DrivenQueue queue{rules(2, 2)};
    queue.accept(1, shots(20));
    REQUIRE(queue.accepted_creates().size() == 2);
    queue.restart(rules(10, 5));
    CHECK(queue.creates().size() == 3);
}

TEST_CASE("a restart with fewer attempts does not undo a retry that was decided") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.accepted_creates();
    queue.failed({1, 0});
    queue.restart(rules(100, 10, 1));
    queue.now = queue.idle_until();
    CHECK(queue.creates() == Shots{{1, 0}});
}

TEST_CASE("a reboot makes tokens scarcer, never more plentiful; a restart in the same boot keeps them") {
    DrivenQueue queue{rules(2, 10)};
    queue.accept(1, shots(5));
    REQUIRE(queue.accepted_creates().size() == 2);
    queue.now += 5min; // What the wall clock claims to have passed.
    queue.restart(false);
    CHECK(queue.creates().empty());
    CHECK(queue.ledger().tokens().ready_at(queue.now) == queue.now + 60s);
    DrivenQueue same{rules(2, 10)};
    same.accept(1, shots(5));
    REQUIRE(same.accepted_creates().size() == 2);
    same.now += 5min;
    same.restart(true);
    CHECK(same.creates().size() == 2);
}

TEST_CASE("a reboot gives no slot of a lost create back, whatever the calendar clock says") {
    DrivenQueue queue{rules(100, 1)};
    queue.accept(1, shots(2));
    queue.creates();
    queue.lost({1, 0});
    queue.now += 1h; // The calendar clock was set ahead.
    queue.restart(false);
    CHECK(queue.ledger().slots_taken(queue.now) == 1);
    CHECK(queue.creates().empty());
    CHECK(queue.ledger().slot_expires_at(queue.now) == queue.now + 1h);
}

TEST_CASE("a Retry-After goes on over a reboot, whatever the calendar clock says") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.creates();
    queue.refused({1, 0}, RefusalKind::too_fast, 90s);
    queue.now += 1h;
    queue.restart(false);
    CHECK(queue.creates().empty());
    CHECK(queue.idle_until() == queue.now + 90s);
}

TEST_CASE("a reboot gives what renders all its time once more: nobody saw how long it has rendered") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.accepted_creates();
    queue.now += 2h; // Minutes of true time.
    queue.restart(false);
    for (const auto& action : queue.take_all()) CHECK_FALSE(std::holds_alternative<action::Cancel>(action));
    queue.now += 1h;
    const auto actions = queue.take_all();
    CHECK(std::any_of(actions.begin(), actions.end(),
                      [](const Action& it) { return std::holds_alternative<action::Cancel>(it); }));
}

TEST_CASE("batches keep their turns over a restart") {
    DrivenQueue queue{rules(100, 1)};
    queue.accept(1, shots(5));
    queue.accept(2, shots(5));
    CHECK(queue.accepted_creates() == Shots{{1, 0}});
    queue.restart();
    queue.succeeded({1, 0});
    CHECK(queue.creates() == Shots{{2, 0}});
}

} // namespace reeld::test
