#include "daemon/loop/loop.h"

#include <doctest/doctest.h>
#include <string>

namespace reeld {

using namespace std::chrono_literals;

TEST_CASE("timers run in the order of their instants, not in that of their arming") {
    Loop loop;
    std::string order;
    LoopTimer second{loop, [&] {
                         order += "2";
                         loop.exit(0);
                     }};
    LoopTimer first{loop, [&] {
                        order += "1";
                    }};
    const Instant now = loop.now().at;
    second.arm_at(now + 4ms);
    first.arm_at(now + 2ms);
    loop.run();
    CHECK(order == "12");
}

TEST_CASE("a timer never runs before its instant") {
    Loop loop;
    Instant ran_at{};
    LoopTimer timer{loop, [&] {
                        ran_at = loop.now().at;
                        loop.exit(0);
                    }};
    const Instant armed_for = loop.now().at + 1500us;
    timer.arm_at(armed_for);
    loop.run();
    CHECK(ran_at >= armed_for);
}

TEST_CASE("an instant in the past is due at once, but not inside the call that arms") {
    Loop loop;
    bool ran = false;
    LoopTimer timer{loop, [&] {
                        ran = true;
                    }};
    timer.arm_at(Instant{});
    CHECK_FALSE(ran);
    loop.turn(0s);
    CHECK(ran);
}

TEST_CASE("an instant before the boot of the machine is due at once") {
    Loop loop;
    loop.set_clock_offset(-24h * 3650);
    bool ran = false;
    LoopTimer timer{loop, [&] {
                        ran = true;
                    }};
    timer.arm_at(loop.now().at - 24h * 3650);
    loop.turn(0s);
    CHECK(ran);
}

TEST_CASE("arming again replaces the earlier instant") {
    Loop loop;
    int runs = 0;
    LoopTimer timer{loop, [&] {
                        ++runs;
                    }};
    timer.arm_after(0s);
    timer.arm_after(24h);
    loop.turn(1ms);
    CHECK(runs == 0);
    timer.arm_after(0s);
    loop.turn(1ms);
    CHECK(runs == 1);
}

TEST_CASE("a timer that has run is idle until it is armed again") {
    Loop loop;
    int runs = 0;
    LoopTimer timer{loop, [&] {
                        ++runs;
                    }};
    timer.arm_after(0s);
    for (int i = 0; i < 3; ++i) loop.turn(1ms);
    CHECK(runs == 1);
}

TEST_CASE("a timer may arm itself from its own callback") {
    Loop loop;
    int runs = 0;
    LoopTimer* self = nullptr;
    LoopTimer timer{loop, [&] {
                        if (++runs == 3) return loop.exit(0);
                        self->arm_after(0s);
                    }};
    self = &timer;
    timer.arm_after(0s);
    loop.run();
    CHECK(runs == 3);
}

TEST_CASE("a disarmed timer and one armed for Instant::max() never run") {
    Loop loop;
    int runs = 0;
    LoopTimer disarmed{loop, [&] {
                           ++runs;
                       }};
    LoopTimer never{loop, [&] {
                        ++runs;
                    }};
    LoopTimer for_ever{loop, [&] {
                           ++runs;
                       }};
    disarmed.arm_after(0s);
    disarmed.disarm();
    never.arm_after(0s);
    never.arm_at(Instant::max());
    for_ever.arm_after(Duration::max());
    loop.turn(1ms);
    CHECK(runs == 0);
}

TEST_CASE("a timer armed again and again does not put off the end of the turn") {
    Loop loop;
    int runs = 0;
    int runs_at_turn_end = 0;
    LoopTimer* self = nullptr;
    LoopTimer timer{loop, [&] {
                        ++runs;
                        self->arm_after(0s);
                    }};
    self = &timer;
    timer.arm_after(0s);
    Loop::Watch end = loop.at_turn_end([&] { runs_at_turn_end = runs; });
    Loop::set_on(end, true);
    loop.turn(0s);
    CHECK(runs_at_turn_end == Loop::callbacks_per_turn_max);
}

TEST_CASE("a timer that is moved keeps its callback and its instant") {
    Loop loop;
    int runs = 0;
    LoopTimer first{loop, [&] {
                        ++runs;
                    }};
    first.arm_after(0s);
    LoopTimer second = std::move(first);
    loop.turn(0s);
    CHECK(runs == 1);
}

TEST_CASE("the clock offset shifts the timeline and the timers on it together") {
    Loop loop;
    const Instant before = loop.now().at;
    loop.set_clock_offset(1h);
    CHECK(loop.now().at >= before + 1h);
    bool ran = false;
    LoopTimer timer{loop, [&] {
                        ran = true;
                    }};
    timer.arm_at(before + 1h);
    loop.turn(0s);
    CHECK(ran);
}

} // namespace reeld
