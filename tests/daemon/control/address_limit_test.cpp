#include "daemon/control/address_limit.h"

#include <doctest/doctest.h>

#include <string>

using namespace reeld;
using namespace std::chrono_literals;

TEST_CASE("an address may send a burst, and then as much as the rate allows") {
    AddressLimit limit{{.burst = 3, .per_s = 2, .addresses_max = 8}};
    Instant now{1h};
    for (int i = 0; i < 3; ++i) CHECK(limit.admits("a", now));
    CHECK_FALSE(limit.admits("a", now));
    CHECK(limit.admits("b", now));
    now += 500ms;
    CHECK(limit.admits("a", now));
    CHECK_FALSE(limit.admits("a", now));
    now += 1h;
    for (int i = 0; i < 3; ++i) CHECK(limit.admits("a", now));
    CHECK_FALSE(limit.admits("a", now));
}

TEST_CASE("a million addresses cost no more memory than some") {
    AddressLimit limit{{.burst = 1, .per_s = 1, .addresses_max = 16}};
    for (int i = 0; i < 100'000; ++i) CHECK(limit.admits(std::to_string(i), Instant{1h}));
    CHECK(limit.addresses() == 16);
    // Whoever keeps coming is remembered while others pass.
    CHECK(limit.admits("steady", Instant{1h}));
    for (int i = 0; i < 100; ++i) {
        CHECK_FALSE(limit.admits("steady", Instant{1h}));
        CHECK(limit.admits("x" + std::to_string(i), Instant{1h}));
    }
}
