#include "daemon/sandbox/ideal_schedule.h"

#include <doctest/doctest.h>
#include <vector>

namespace reeld::sandbox {

namespace {

using namespace std::chrono_literals;

Duration ideal(const std::vector<Duration>& durations, int creates, Duration per, int concurrent) {
    return ideal_makespan(durations, {.creates = creates, .per = per, .concurrent = concurrent});
}

} // namespace

TEST_CASE("nothing to render takes no time") {
    CHECK(ideal({}, 100, 60s, 10) == 0s);
}

TEST_CASE("with room for all, the longest render is the makespan") {
    CHECK(ideal({3s, 9s, 5s}, 100, 60s, 10) == 9s);
}

TEST_CASE("with one slot, renders follow each other") {
    CHECK(ideal({3s, 9s, 5s}, 100, 60s, 1) == 17s);
}

TEST_CASE("a slot that is free first is taken first") {
    // Slots end at 4 and 2; the third goes from 2 to 5, the fourth from 4 to 9.
    CHECK(ideal({4s, 2s, 3s, 5s}, 100, 60s, 2) == 9s);
}

TEST_CASE("the window holds back a create though a slot is free") {
    // Two at 0 s, two at 10 s, one at 20 s.
    CHECK(ideal({1s, 1s, 1s, 1s, 1s}, 2, 10s, 10) == 21s);
}

TEST_CASE("the window counts from the creates themselves, not from a grid of minutes") {
    // One slot: starts at 0, 6, 12; the window of two opens for the third at 10 already.
    CHECK(ideal({6s, 6s, 6s}, 2, 10s, 1) == 18s);
    // The window opens later than the slot: starts at 0, 1, then 10, 11.
    CHECK(ideal({1s, 1s, 1s, 1s}, 2, 10s, 1) == 12s);
}

TEST_CASE("a create never overtakes the one before it") {
    // A slot is free at 1 s, but the third waits for the window until 10 s; the fourth would have had room
    // no earlier.
    CHECK(ideal({20s, 1s, 1s, 1s}, 2, 10s, 2) == 20s);
    CHECK(ideal({20s, 1s, 15s, 1s}, 2, 10s, 2) == 25s);
}

TEST_CASE("a night of renders is scheduled at once") {
    const std::vector<Duration> durations(20'000, 160s);
    // Ten at a time, each ten of them 160 s long.
    CHECK(ideal(durations, 100, 60s, 10) == 2'000 * 160s);
}

} // namespace reeld::sandbox
