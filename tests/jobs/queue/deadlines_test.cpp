#include "jobs/queue/deadlines.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

TEST_CASE("a shot is due at its instant and stays so until it is taken out") {
    Deadlines deadlines;
    CHECK(deadlines.next_due() == Instant::max());
    deadlines.set({1, 0}, kStart + 2s);
    deadlines.set({1, 1}, kStart + 1s);
    CHECK(deadlines.next_due() == kStart + 1s);
    CHECK_FALSE(deadlines.due(kStart).has_value());
    CHECK(deadlines.due(kStart + 1s) == ShotRef{1, 1});
    deadlines.remove({1, 1});
    CHECK(deadlines.due(kStart + 2s) == ShotRef{1, 0});
}

TEST_CASE("deadlines that are postponed stay in, and none comes earlier than it would have") {
    Deadlines deadlines;
    deadlines.set({1, 0}, kStart);
    deadlines.set({1, 1}, kStart + 10s);
    deadlines.postpone(kStart + 5s);
    CHECK(deadlines.next_due() == kStart + 5s);
    CHECK(deadlines.due_of({1, 1}) == kStart + 10s);
    CHECK(deadlines.due(kStart + 5s) == ShotRef{1, 0});
}

TEST_CASE("a shot has one deadline at a time, the last that was set") {
    Deadlines deadlines;
    deadlines.set({1, 0}, kStart);
    deadlines.set({1, 0}, kStart + 1s);
    CHECK_FALSE(deadlines.due(kStart).has_value());
    deadlines.remove({1, 0});
    CHECK_FALSE(deadlines.contains({1, 0}));
    CHECK(deadlines.next_due() == Instant::max());
    deadlines.remove({1, 0});
}

} // namespace reeld::test
