#include "daemon/loop/loop.h"

#include <doctest/doctest.h>
#include <string>
#include <sys/epoll.h>
#include <unistd.h>

namespace reeld {

using namespace std::chrono_literals;

TEST_CASE("the end of a turn comes after all its other callbacks, once") {
    Loop loop;
    std::string order;
    Loop::Watch end = loop.at_turn_end([&] {
        order += "E";
        Loop::set_on(end, false);
    });
    LoopTimer first{loop, [&] {
                        order += "t";
                        Loop::set_on(end, true);
                    }};
    LoopTimer second{loop, [&] {
                         order += "t";
                     }};
    first.arm_after(0s);
    second.arm_after(0s);
    loop.turn(0s);
    CHECK(order == "ttE");
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
