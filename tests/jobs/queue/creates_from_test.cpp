#include "jobs/queue/scheduler.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

using Shots = std::vector<ShotRef>;

} // namespace

TEST_CASE("all that stands before a create is followed, one wait after the other") {
    DrivenQueue queue{account_rules(2, 2)};
    CHECK(queue.queue().creates_from(queue.now) == Instant::max());
    queue.accept(1, shots(5));
    CHECK(queue.queue().creates_from(queue.now) == queue.now);
    const auto first = queue.creates();
    CHECK(queue.queue().creates_from(queue.now) == Instant::max()); // Until a prediction ends.
    for (const ShotRef shot : first) queue.accepted(shot);
    const Instant tokens_back = queue.now + 60s;
    queue.now += 10s;
    queue.succeeded({1, 0});
    CHECK(queue.queue().creates_from(queue.now) == tokens_back);
    queue.record(event::Paused{});
    CHECK(queue.queue().creates_from(queue.now) == Instant::max());
    queue.record(event::Resumed{});
    CHECK(queue.queue().creates_from(queue.now) == tokens_back);
    queue.queue().stop_creating();
    CHECK(queue.queue().creates_from(queue.now) == Instant::max());
}

TEST_CASE("a create is possible when its suspension is over and a token is back, not at the first of both") {
    DrivenQueue queue{account_rules(1, 2)};
    queue.accept(1, shots(2));
    REQUIRE(queue.creates() == Shots{{1, 0}});
    queue.now += 1s;
    queue.refused({1, 0}, RefusalKind::too_fast, 5s);
    CHECK(queue.queue().wake_at(queue.now) == queue.now + 5s);
    CHECK(queue.queue().creates_from(queue.now) == queue.now + 60s);
}

} // namespace reeld::test
