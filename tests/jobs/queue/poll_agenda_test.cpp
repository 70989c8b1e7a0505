#include "jobs/queue/poll_agenda.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

TEST_CASE("a poll is taken once, when it is due, and is under way until the next is planned") {
    PollAgenda agenda;
    agenda.plan({1, 0}, kStart + 1s);
    CHECK_FALSE(agenda.take_due(kStart).has_value());
    CHECK(agenda.take_due(kStart + 1s) == ShotRef{1, 0});
    CHECK(agenda.under_way() == 1);
    CHECK_FALSE(agenda.take_due(kStart + 1h).has_value());
    CHECK(agenda.next_due() == Instant::max());
    agenda.plan({1, 0}, kStart + 2s);
    CHECK(agenda.under_way() == 0);
    CHECK(agenda.next_due() == kStart + 2s);
}

TEST_CASE("an ended prediction leaves nothing behind, whether its poll was planned or under way") {
    PollAgenda agenda;
    agenda.plan({1, 0}, kStart);
    agenda.plan({1, 1}, kStart + 1s);
    CHECK(agenda.take_due(kStart) == ShotRef{1, 0});
    agenda.remove({1, 0});
    agenda.remove({1, 1});
    agenda.remove({1, 2});
    CHECK(agenda.under_way() == 0);
    CHECK(agenda.planned().empty());
    CHECK(agenda.next_due() == Instant::max());
}

TEST_CASE("failures are counted in a row, and news ends the row") {
    PollAgenda agenda;
    agenda.plan({1, 0}, kStart);
    CHECK(agenda.failed({1, 0}) == 1);
    CHECK(agenda.failed({1, 0}) == 2);
    agenda.answered({1, 0});
    CHECK(agenda.failed({1, 0}) == 1);
}

TEST_CASE("news of a peer brings a poll forward and never puts it off") {
    PollAgenda agenda;
    agenda.plan({1, 0}, kStart + 10s);
    agenda.bring_forward({1, 0}, kStart + 20s);
    CHECK(agenda.next_due() == kStart + 10s);
    agenda.bring_forward({1, 0}, kStart + 5s);
    CHECK(agenda.next_due() == kStart + 5s);
}

TEST_CASE("a poll that is under way, or waits since the last one failed, is not brought forward") {
    PollAgenda agenda;
    agenda.plan({1, 0}, kStart);
    REQUIRE(agenda.take_due(kStart).has_value());
    agenda.bring_forward({1, 0}, kStart - 1s);
    CHECK(agenda.next_due() == Instant::max());
    agenda.failed({1, 0});
    agenda.plan({1, 0}, kStart + 30s);
    agenda.bring_forward({1, 0}, kStart + 1s);
    CHECK(agenda.next_due() == kStart + 30s);
}

TEST_CASE("a poll whose time is near comes along with one that is due, and never by itself") {
    PollAgenda agenda;
    agenda.plan({1, 0}, kStart + 10s);
    agenda.plan({1, 1}, kStart + 12s, 3s);
    agenda.plan({1, 2}, kStart + 20s, 3s);
    CHECK_FALSE(agenda.take_due(kStart + 9s).has_value());
    CHECK(agenda.take_due(kStart + 10s) == ShotRef{1, 0});
    CHECK(agenda.take_due(kStart + 10s) == ShotRef{1, 1});
    CHECK_FALSE(agenda.take_due(kStart + 10s).has_value());
    CHECK(agenda.under_way() == 2);
    CHECK(agenda.next_due() == kStart + 20s);
    CHECK_FALSE(agenda.take_due(kStart + 18s).has_value());
}

TEST_CASE("of a crowd that might come along only a few do, so that it does not become one for good") {
    PollAgenda agenda;
    agenda.plan({1, 0}, kStart);
    for (std::uint32_t i = 1; i <= 100; ++i) agenda.plan({1, i}, kStart + 1s, 1s);
    int taken = 0;
    while (agenda.take_due(kStart)) ++taken;
    CHECK(taken == 1 + PollAgenda::companions_max);
}

} // namespace reeld::test
