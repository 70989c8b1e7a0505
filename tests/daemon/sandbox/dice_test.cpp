#include "daemon/sandbox/dice.h"

#include <cmath>
#include <doctest/doctest.h>
#include <set>

namespace reeld::sandbox {

namespace {

constexpr int kDraws = 10'000;

} // namespace

TEST_CASE("a draw depends on the seed, the purpose and the number, and on nothing else") {
    const Dice dice(7);
    const std::uint64_t drawn = dice.bits(Purpose::time, 40);
    for (std::uint64_t i = 0; i < 100; ++i) static_cast<void>(dice.bits(Purpose::ending, i));
    CHECK(Dice(7).bits(Purpose::time, 40) == drawn);
    CHECK(Dice(8).bits(Purpose::time, 40) != drawn);
    CHECK(Dice(7).bits(Purpose::ending, 40) != drawn);
    CHECK(Dice(7).bits(Purpose::time, 41) != drawn);
}

TEST_CASE("draws in a row do not repeat") {
    std::set<std::uint64_t> seen;
    for (std::uint64_t i = 0; i < kDraws; ++i) seen.insert(Dice(1).bits(Purpose::poll, i));
    CHECK(seen.size() == kDraws);
}

TEST_CASE("uniform draws fill [0, 1) evenly") {
    int below_quarter = 0;
    for (std::uint64_t i = 0; i < kDraws; ++i) {
        const double drawn = Dice(3).uniform(Purpose::create, i);
        REQUIRE(drawn >= 0);
        REQUIRE(drawn < 1);
        if (drawn < 0.25) ++below_quarter;
    }
    CHECK(below_quarter == doctest::Approx(kDraws / 4).epsilon(0.05));
}

TEST_CASE("draws around one have that mean and the spread that was asked for") {
    double sum = 0;
    double squares = 0;
    for (std::uint64_t i = 0; i < kDraws; ++i) {
        const double drawn = Dice(5).around_one(Purpose::time, i, 0.25);
        REQUIRE(drawn > 0);
        sum += drawn;
        squares += drawn * drawn;
    }
    const double mean = sum / kDraws;
    CHECK(mean == doctest::Approx(1).epsilon(0.01));
    CHECK(std::sqrt(squares / kDraws - mean * mean) == doctest::Approx(0.25).epsilon(0.05));
}

TEST_CASE("without a spread every draw is one") {
    for (std::uint64_t i = 0; i < 100; ++i) CHECK(Dice(5).around_one(Purpose::time, i, 0) == 1);
}

} // namespace reeld::sandbox
