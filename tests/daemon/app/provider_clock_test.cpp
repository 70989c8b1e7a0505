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
    CHECK_FALSE(clock.at(kStart));
    clock.hear("no date", kStart);
    CHECK_FALSE(clock.at(kStart));
    clock.hear("Mon, 23 Nov 2026 10:00:00 GMT", kStart);
    CHECK(clock.at(kStart + 90s) == kTenOClock + 90s);
    clock.hear("Mon, 23 Nov 2026 10:02:00 GMT", kStart + 100s);
    CHECK(clock.at(kStart + 100s) == kTenOClock + 2min);
}

TEST_CASE("an answer that was slow on its way does not set the provider's clock back") {
    ProviderClock clock;
    clock.hear("Mon, 23 Nov 2026 10:00:00 GMT", kStart);
    clock.hear("Mon, 23 Nov 2026 10:00:10 GMT", kStart + 40s);
    CHECK(clock.at(kStart + 40s) == kTenOClock + 40s);
}

TEST_CASE("a date that was far ahead of all that follow, such as a proxy's, is forgotten") {
    ProviderClock clock;
    clock.hear("Mon, 23 Nov 2026 11:00:00 GMT", kStart);
    clock.hear("Mon, 23 Nov 2026 10:00:01 GMT", kStart + 1s);
    CHECK(clock.at(kStart + 1s) == kTenOClock + 1s);
}

} // namespace reeld::test
