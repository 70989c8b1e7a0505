#include "tests/simulation/simulation.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <exception>
#include <string>

namespace reeld::test {

namespace {

/// What the nights amounted to, to see that they were worth the night.
struct Tally {
    int crashes = 0;
    std::array<int, kShotStates> shots{};
};

void render(std::uint64_t seed, Tally& tally) {
    INFO("run it again: REELD_SIMULATION_SEED=" << seed << " reeld_tests -tc='whatever goes wrong*'");
    try {
        Simulation night{seed};
        night.run();
        tally.crashes += night.crashes();
        for (std::size_t i = 0; i < tally.shots.size(); ++i) {
            tally.shots.at(i) += night.shots_in(static_cast<ShotState>(i));
        }
    } catch (const std::exception& broken) {
        FAIL_CHECK(std::string(broken.what()));
    }
}

int of(const Tally& tally, ShotState state) {
    return tally.shots.at(static_cast<std::size_t>(state));
}

} // namespace

TEST_CASE("whatever goes wrong in a night, nothing is paid for twice and nothing is lost") {
    constexpr std::uint64_t kNights = 400;
    Tally tally;
    if (const char* seed = std::getenv("REELD_SIMULATION_SEED")) return render(std::stoull(seed), tally);
    for (std::uint64_t seed = 1; seed <= kNights; ++seed) render(seed, tally);
    // Nights in which nothing happens prove nothing.
    CHECK(tally.crashes > 500);
    CHECK(of(tally, ShotState::succeeded) > 1'000);
    CHECK(of(tally, ShotState::failed) > 100);
}

} // namespace reeld::test
