#include "daemon/loop/loop.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace reeld {

using namespace std::chrono_literals;

TEST_CASE("the end of a turn comes after the callback that switched it on") {
    Loop loop;
    std::string order;
    Loop::Watch end = loop.at_turn_end([&] {
        order += "E";
        Loop::set_on(end, false);
    });
    LoopTimer timer{loop, [&] {
                        order += "t";
                        Loop::set_on(end, true);
                    }};
    timer.arm_after(0s);
    for (int i = 0; i < 3; ++i) loop.turn(0s);
    CHECK(order == "tE");
}

TEST_CASE("one end of a turn serves many callbacks") {
    Loop loop;
    const int always_ready = eventfd(1, EFD_CLOEXEC);
    int callbacks = 0;
    int most = 0;
    Loop::Watch watch = loop.watch_fd(always_ready, EPOLLIN, [&](std::uint32_t) { ++callbacks; });
    Loop::Watch end = loop.at_turn_end([&] { most = std::max(most, std::exchange(callbacks, 0)); });
    Loop::set_on(end, true);
    // A turn has a limit in time, too: on a busy machine some turns stop early.
    for (int turn = 0; turn < 1000 && most < 2; ++turn) loop.turn(0s);
    CHECK(most >= 2);
    CHECK(most <= Loop::callbacks_per_turn_max);
    watch.reset();
    close(always_ready);
}

TEST_CASE("a turn's end that is on keeps the loop from sleeping") {
    Loop loop;
    Loop::Watch end = loop.at_turn_end([&] { loop.exit(5); });
    Loop::set_on(end, true);
    CHECK(loop.run() == 5); // Nothing else would ever wake it.
}

TEST_CASE("a turn's end is off at first, and silent when it has been switched off") {
    Loop loop;
    int runs = 0;
    Loop::Watch end = loop.at_turn_end([&] { ++runs; });
    loop.turn(0s);
    CHECK(runs == 0);
    Loop::set_on(end, true);
    loop.turn(0s);
    CHECK(runs == 1);
    Loop::set_on(end, false);
    loop.turn(0s);
    CHECK(runs == 1);
}

TEST_CASE("a turn's end runs in every turn until it is switched off") {
    Loop loop;
    int runs = 0;
    Loop::Watch end = loop.at_turn_end([&] { ++runs; });
    Loop::set_on(end, true);
    for (int i = 0; i < 3; ++i) loop.turn(1h);
    CHECK(runs == 3);
}

TEST_CASE("an idle loop with every turn's end switched off sleeps until its wait is over") {
    Loop loop;
    Loop::Watch end = loop.at_turn_end([] {});
    const Instant before = loop.now().at;
    loop.turn(3ms);
    CHECK(loop.now().at >= before + 3ms);
}

TEST_CASE("several ends of a turn run in the order of their making, also when one switches the next on") {
    Loop loop;
    std::string order;
    Loop::Watch first, second;
    first = loop.at_turn_end([&] {
        order += "1";
        Loop::set_on(second, true);
    });
    second = loop.at_turn_end([&] { order += "2"; });
    Loop::set_on(first, true);
    loop.turn(0s);
    CHECK(order == "12");
}

TEST_CASE("an end of a turn that is made at the end of a turn runs in a later one") {
    Loop loop;
    int runs = 0;
    Loop::Watch first, second;
    first = loop.at_turn_end([&] {
        second = loop.at_turn_end([&] { ++runs; });
        Loop::set_on(second, true);
        first.reset();
    });
    Loop::set_on(first, true);
    loop.turn(0s);
    CHECK(runs == 0);
    loop.turn(0s);
    CHECK(runs == 1);
}

} // namespace reeld
