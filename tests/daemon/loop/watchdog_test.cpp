#include "daemon/loop/loop.h"
#include "tests/support/notify_socket.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <string>

namespace reeld {

using namespace std::chrono_literals;

using test::NotifySocket;

TEST_CASE("the watchdog is fed again and again from turns of the loop") {
    NotifySocket manager{"4000"};
    Loop loop;
    CHECK(loop.feed_watchdog());
    int meals = 0;
    while (meals < 3) {
        loop.turn(1ms);
        if (const std::string text = manager.receive(); !text.empty()) {
            CHECK(text == "WATCHDOG=1");
            ++meals;
        }
    }
}

TEST_CASE("a watchdog that nobody asked for is not fed") {
    unsetenv("WATCHDOG_USEC");
    Loop loop;
    CHECK_FALSE(loop.feed_watchdog());
}

} // namespace reeld
