#include "daemon/journal/timeline.h"

#include <doctest/doctest.h>

using namespace reeld;
using namespace std::chrono_literals;

namespace {

constexpr Duration kNow = std::chrono::seconds{1'790'000'000};
const Stamp kLast{.at = Instant{kNow + 5s}, .wall = WallTime{kNow}};

/// Where the timeline stands when it starts.
Instant instant_of(const TimelineStart& start, Duration boot) {
    return Instant{boot + start.offset};
}

} // namespace

TEST_CASE("a new timeline starts at the wall clock's microseconds since the epoch") {
    const TimelineStart start = start_timeline({}, {.boot_id = "a", .boot = 100s, .wall = WallTime{kNow}});
    CHECK(instant_of(start, 100s) == Instant{kNow});
    CHECK_FALSE(start.same_boot);
}

TEST_CASE("a new timeline never starts at zero or below, even when the wall clock does") {
    for (const Duration wall : {Duration{0}, Duration{-5s}, Duration{1}}) {
        const TimelineStart start = start_timeline({}, {.boot_id = "a", .boot = 3s, .wall = WallTime{wall}});
        CHECK(instant_of(start, 3s) == kTimelineFloor);
    }
}

TEST_CASE("a boot that cannot be told is not the one before") {
    const TimelineRecord record{.boot_id = "", .offset = kNow, .last_event = kLast};
    const TimelineStart start =
        start_timeline(record, {.boot_id = "", .boot = 60s, .wall = WallTime{kNow + 1h}});
    CHECK_FALSE(start.same_boot);
    CHECK(instant_of(start, 60s) == kLast.at + 1h);
}

TEST_CASE("within one boot the offset stays exactly, whatever the wall clock says") {
    const TimelineRecord record{.boot_id = "a", .offset = kNow, .last_event = kLast};
    for (const Duration wall : {kNow - 1h, kNow, kNow + 1h, Duration{-1s}}) {
        const TimelineStart start =
            start_timeline(record, {.boot_id = "a", .boot = 60s, .wall = WallTime{wall}});
        CHECK(start.offset == kNow);
        CHECK(start.same_boot);
    }
}

TEST_CASE("after a reboot the timeline goes on by as much as the wall clock has moved") {
    const TimelineRecord record{.boot_id = "a", .offset = kNow, .last_event = kLast};
    const ClockReading now{.boot_id = "b", .boot = 20s, .wall = kLast.wall + 90s};
    CHECK(instant_of(start_timeline(record, now), now.boot) == kLast.at + 90s);
    CHECK_FALSE(start_timeline(record, now).same_boot);
}

TEST_CASE("after a reboot with a wall clock that stepped back the timeline goes on from the last event") {
    const TimelineRecord record{.boot_id = "a", .offset = kNow, .last_event = kLast};
    for (const WallTime wall : {kLast.wall - 1h, WallTime{}, WallTime{-1s}}) {
        CHECK(instant_of(start_timeline(record, {.boot_id = "b", .boot = 20s, .wall = wall}), 20s) ==
              kLast.at);
    }
}

TEST_CASE("a journal without events starts its timeline anew after a reboot") {
    const TimelineRecord record{.boot_id = "a", .offset = -7s, .last_event = {}};
    const ClockReading now{.boot_id = "b", .boot = 20s, .wall = WallTime{kNow}};
    CHECK(instant_of(start_timeline(record, now), now.boot) == Instant{kNow});
}

TEST_CASE("the timeline does not go back when the boot clock did within one boot") {
    const TimelineRecord record{.boot_id = "a", .offset = kNow, .last_event = kLast};
    CHECK(instant_of(start_timeline(record, {.boot_id = "a", .boot = 2s, .wall = kLast.wall}), 2s) ==
          kLast.at);
}

TEST_CASE("the timeline passes 2038 and reaches the end of the calendar without overflowing") {
    const WallTime y2038{std::chrono::seconds{2'147'483'648}};
    CHECK(instant_of(start_timeline({}, {.boot_id = "a", .boot = 1s, .wall = y2038}), 1s) ==
          Instant{y2038.time_since_epoch()});
    const TimelineRecord record{
        .boot_id = "a", .offset = kTimeMax, .last_event = Stamp{Instant{kTimeMax}, WallTime{-kTimeMax}}};
    const ClockReading end{.boot_id = "b", .boot = 0s, .wall = WallTime{kTimeMax}};
    CHECK(start_timeline(record, end).offset == 3 * kTimeMax);
}
