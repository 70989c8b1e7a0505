#include "daemon/app/provider_clock.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

constexpr Instant kStart{24h};
constexpr WallTime kTenOClock = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 10h;

} // namespace

TEST_CASE("the provider's clock goes on from the latest date that was heard") {
    ProviderClock clock;
    CHECK_FALSE(clock.latest(kStart));
    clock.hear("no date", kStart, kStart);
    CHECK_FALSE(clock.latest(kStart));
    CHECK_FALSE(clock.earliest(kStart));
    clock.hear("Mon, 23 Nov 2026 10:00:00 GMT", kStart, kStart);
    CHECK(clock.latest(kStart + 90s) == kTenOClock + 90s);
    clock.hear("Mon, 23 Nov 2026 10:02:00 GMT", kStart + 100s, kStart + 100s);
    CHECK(clock.latest(kStart + 100s) == kTenOClock + 2min);
}

TEST_CASE("a date was written somewhere between its request and its arrival, and is known no better") {
    ProviderClock clock;
    clock.hear("Mon, 23 Nov 2026 10:00:00 GMT", kStart, kStart + 4s);
    CHECK(clock.earliest(kStart + 4s) == kTenOClock);
    CHECK(clock.latest(kStart + 4s) == kTenOClock + 4s);
}

TEST_CASE("of two dates that agree the one of the faster answer is believed, for an hour") {
    ProviderClock clock;
    clock.hear("Mon, 23 Nov 2026 10:00:00 GMT", kStart, kStart + 100ms);
    clock.hear("Mon, 23 Nov 2026 10:00:02 GMT", kStart + 100ms, kStart + 5s);
    CHECK(clock.latest(kStart + 5s) == kTenOClock + 5s);
    CHECK(clock.earliest(kStart + 5s) == kTenOClock + 4900ms);
    clock.hear("Mon, 23 Nov 2026 11:00:07 GMT", kStart + 1h + 5s, kStart + 1h + 7s);
    CHECK(clock.latest(kStart + 1h + 7s) == kTenOClock + 1h + 9s);
}

TEST_CASE("an answer that was long on its way, or heard late by a program that was paused, tells no clock") {
    ProviderClock clock;
    clock.hear("Mon, 23 Nov 2026 10:00:00 GMT", kStart, kStart + 11s);
    CHECK_FALSE(clock.latest(kStart + 11s));
}

TEST_CASE("a date that was far ahead of all that follow, such as a proxy's, is forgotten") {
    ProviderClock clock;
    clock.hear("Mon, 23 Nov 2026 11:00:00 GMT", kStart, kStart);
    clock.hear("Mon, 23 Nov 2026 10:00:01 GMT", kStart, kStart + 1s);
    CHECK(clock.earliest(kStart + 1s) == kTenOClock + 1s);
}

} // namespace reeld::test
