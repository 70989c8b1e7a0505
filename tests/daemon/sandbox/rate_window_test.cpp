#include "daemon/sandbox/rate_window.h"

#include <doctest/doctest.h>

namespace reeld::sandbox {

namespace {

using namespace std::chrono_literals;

constexpr Instant kStart{1'000s};

} // namespace

TEST_CASE("a window has room for its number of creates and not for one more") {
    RateWindow window(3, 60s);
    for (int i = 0; i < 3; ++i) {
        REQUIRE(window.has_room(kStart));
        window.count(kStart);
    }
    CHECK_FALSE(window.has_room(kStart));
    CHECK(window.most() == 3);
}

TEST_CASE("a create leaves the window exactly its length after it came") {
    RateWindow window(1, 60s);
    window.count(kStart);
    CHECK_FALSE(window.has_room(kStart + 60s - 1us));
    CHECK(window.has_room(kStart + 60s));
}

TEST_CASE("the window rolls: it frees one place for each create, not all at the end of a minute") {
    RateWindow window(2, 60s);
    window.count(kStart);
    window.count(kStart + 30s);
    REQUIRE(window.has_room(kStart + 60s));
    window.count(kStart + 60s);
    CHECK_FALSE(window.has_room(kStart + 89s));
    CHECK(window.has_room(kStart + 90s));
    CHECK(window.most() == 2);
}

TEST_CASE("a full window says when it has room again") {
    RateWindow window(2, 60s);
    CHECK(window.room_at(kStart) == kStart);
    window.count(kStart);
    window.count(kStart + 10s);
    CHECK(window.room_at(kStart + 20s) == kStart + 60s);
    CHECK(window.room_at(kStart + 61s) == kStart + 61s);
}

TEST_CASE("creates counted without room keep the window full until enough of them have left") {
    RateWindow window(2, 60s);
    for (int i = 0; i < 4; ++i) window.count(kStart + i * 1s);
    CHECK(window.most() == 4);
    CHECK(window.room_at(kStart + 5s) == kStart + 62s);
    CHECK_FALSE(window.has_room(kStart + 61s));
    CHECK(window.has_room(kStart + 62s));
}

} // namespace reeld::sandbox
