#include "daemon/app/provider_clock.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

constexpr Instant kFirstAsked{24h};
constexpr WallTime kTenOClock = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 10h;

} // namespace

TEST_CASE("the provider's clock goes on from the latest date that was heard") {
    ProviderClock clock;
    CHECK_FALSE(clock.latest(kFirstAsked));
    clock.hear("no date", kFirstAsked, kFirstAsked);
    CHECK_FALSE(clock.latest(kFirstAsked));
    CHECK_FALSE(clock.earliest(kFirstAsked));
    clock.hear("Mon, 23 Nov 2026 10:00:00 GMT", kFirstAsked, kFirstAsked);
    CHECK(clock.latest(kFirstAsked + 90s) == kTenOClock + 90s);
    clock.hear("Mon, 23 Nov 2026 10:02:00 GMT", kFirstAsked + 100s, kFirstAsked + 100s);
    CHECK(clock.latest(kFirstAsked + 100s) == kTenOClock + 2min);
}

TEST_CASE("a date was written somewhere between its request and its arrival, and is known no better") {
    ProviderClock clock;
    clock.hear("Mon, 23 Nov 2026 10:00:00 GMT", kFirstAsked, kFirstAsked + 2s);
    CHECK(clock.earliest(kFirstAsked + 2s) == kTenOClock);
    CHECK(clock.latest(kFirstAsked + 2s) == kTenOClock + 2s);
}

TEST_CASE(
    "a slow answer, whose date may have been written at its end, tells nothing of when a create was sent") {
    ProviderClock clock;
    clock.hear("Mon, 23 Nov 2026 10:00:00 GMT", kFirstAsked, kFirstAsked + 4s);
    CHECK(clock.earliest(kFirstAsked + 4s) == kTenOClock);
    CHECK_FALSE(clock.latest(kFirstAsked + 4s));
    clock.hear("Mon, 23 Nov 2026 10:00:05 GMT", kFirstAsked + 5s, kFirstAsked + 6s);
    CHECK(clock.latest(kFirstAsked + 6s) == kTenOClock + 6s);
}

TEST_CASE("of two dates that agree the one of the faster answer is believed, for an hour") {
    ProviderClock clock;
    clock.hear("Mon, 23 Nov 2026 10:00:00 GMT", kFirstAsked, kFirstAsked + 100ms);
    clock.hear("Mon, 23 Nov 2026 10:00:02 GMT", kFirstAsked + 100ms, kFirstAsked + 5s);
    CHECK(clock.latest(kFirstAsked + 5s) == kTenOClock + 5s);
    CHECK(clock.earliest(kFirstAsked + 5s) == kTenOClock + 4900ms);
    clock.hear("Mon, 23 Nov 2026 11:00:07 GMT", kFirstAsked + 1h + 5s, kFirstAsked + 1h + 7s);
    CHECK(clock.latest(kFirstAsked + 1h + 7s) == kTenOClock + 1h + 9s);
}

TEST_CASE("an answer that was long on its way, or heard late by a program that was paused, tells no clock") {
    ProviderClock clock;
    clock.hear("Mon, 23 Nov 2026 10:00:00 GMT", kFirstAsked, kFirstAsked + 11s);
    CHECK_FALSE(clock.latest(kFirstAsked + 11s));
}

TEST_CASE("a date that was far ahead of all that follow, such as a proxy's, is forgotten") {
    ProviderClock clock;
    clock.hear("Mon, 23 Nov 2026 11:00:00 GMT", kFirstAsked, kFirstAsked);
    clock.hear("Mon, 23 Nov 2026 10:00:01 GMT", kFirstAsked, kFirstAsked + 1s);
    CHECK(clock.earliest(kFirstAsked + 1s) == kTenOClock + 1s);
}

} // namespace reeld::test
