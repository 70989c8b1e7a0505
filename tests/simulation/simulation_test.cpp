#include "tests/simulation/nights.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace reeld::test {

namespace {

constexpr std::uint64_t kNightsPerPart = 125;

/// The nights of one part of the thousand. Nearly every class of faults strikes in each part.
void live_through_part(std::uint64_t part) {
    NightTally tally;
    for (std::uint64_t i = 0; i < kNightsPerPart; ++i) {
        const auto broken = live_through(part * kNightsPerPart + i + 1, tally);
        CHECK_MESSAGE(broken.empty(), broken);
    }
    // The rarest need several things to come together: a cancel that is ignored, a prediction that hangs.
    constexpr std::ptrdiff_t kMayBeMissing = 3;
    const auto struck =
        std::count_if(tally.faults.begin(), tally.faults.end(), [](auto count) { return count > 0; });
    CHECK(struck >= static_cast<std::ptrdiff_t>(kFaultClasses) - kMayBeMissing);
    CHECK(tally.doubts.adopted > 0);
    CHECK(tally.doubts.dismissed_by_list > 0);
    CHECK(tally.doubts.held > 0);
}

} // namespace

TEST_CASE("nothing is paid twice and nothing is lost in nights 1 to 125") {
    live_through_part(0);
}
TEST_CASE("nothing is paid twice and nothing is lost in nights 126 to 250") {
    live_through_part(1);
}
TEST_CASE("nothing is paid twice and nothing is lost in nights 251 to 375") {
    live_through_part(2);
}
TEST_CASE("nothing is paid twice and nothing is lost in nights 376 to 500") {
    live_through_part(3);
}
TEST_CASE("nothing is paid twice and nothing is lost in nights 501 to 625") {
    live_through_part(4);
}
TEST_CASE("nothing is paid twice and nothing is lost in nights 626 to 750") {
    live_through_part(5);
}
TEST_CASE("nothing is paid twice and nothing is lost in nights 751 to 875") {
    live_through_part(6);
}
TEST_CASE("nothing is paid twice and nothing is lost in nights 876 to 1000") {
    live_through_part(7);
}

TEST_CASE("two nights of one seed take the same way") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Simulation one{seed};
        Simulation other{seed};
        one.run();
        other.run();
        CHECK(one.hash() == other.hash());
    }
}

// REELD_SIMULATION_SEED=7 prints the trace of night 7; REELD_SIMULATION_SEEDS=1:100000 lives many through and
// prints what they amounted to.
TEST_CASE("a night of your choice, or a hundred thousand") {
    if (const char* seed = std::getenv("REELD_SIMULATION_SEED")) {
        Simulation night{std::stoull(seed), true};
        night.run();
    }
    const char* seeds = std::getenv("REELD_SIMULATION_SEEDS");
    if (seeds == nullptr) return;
    const std::string range = seeds;
    const auto colon = range.find(':');
    REQUIRE(colon != std::string::npos);
    NightTally tally;
    for (auto seed = std::stoull(range); seed <= std::stoull(range.substr(colon + 1)); ++seed) {
        const auto broken = live_through(seed, tally);
        if (!broken.empty()) std::fprintf(stderr, "%s\n", broken.c_str());
    }
    std::fputs(table(tally).c_str(), stderr);
    CHECK(tally.failed == 0);
}

} // namespace reeld::test
