#include "daemon/sandbox/misbehaviour.h"

#include <doctest/doctest.h>
#include <map>
#include <set>

namespace reeld::sandbox {

TEST_CASE("every misbehaviour has a name of its own, by which it is found, and an explanation") {
    std::set<std::string_view> names;
    for (const MisbehaviourWords& words : all_misbehaviours()) {
        names.insert(words.name);
        CHECK(misbehaviour_named(words.name) == words.what);
        CHECK(name_of(words.what) == words.name);
        CHECK_FALSE(words.does.empty());
    }
    CHECK(names.size() == kMisbehaviours - 1);
    CHECK_FALSE(misbehaviour_named("create-nothing").has_value());
    CHECK_FALSE(misbehaviour_named("none").has_value());
}

TEST_CASE("a request misbehaves in one way at most, each as often as its share says") {
    MisbehaviourShares shares{};
    shares.at(static_cast<std::size_t>(Misbehaviour::create_lost)) = 0.2;
    shares.at(static_cast<std::size_t>(Misbehaviour::create_500)) = 0.3;
    shares.at(static_cast<std::size_t>(Misbehaviour::poll_500)) = 1;
    constexpr int kRequests = 10'000;
    std::map<Misbehaviour, int> counts;
    for (std::uint64_t i = 0; i < kRequests; ++i) ++counts[draw(shares, Operation::create, Dice(1), i)];
    CHECK(counts.size() == 3);
    CHECK(counts[Misbehaviour::create_lost] == doctest::Approx(kRequests * 0.2).epsilon(0.1));
    CHECK(counts[Misbehaviour::create_500] == doctest::Approx(kRequests * 0.3).epsilon(0.1));
    CHECK(counts[Misbehaviour::none] == doctest::Approx(kRequests * 0.5).epsilon(0.1));
}

TEST_CASE("a misbehaviour of any request counts towards each operation") {
    MisbehaviourShares shares{};
    shares.at(static_cast<std::size_t>(Misbehaviour::auth)) = 1;
    for (const auto on : {Operation::create, Operation::poll, Operation::list, Operation::cancel}) {
        CHECK(share_of(shares, on) == 1);
        CHECK(draw(shares, on, Dice(1), 0) == Misbehaviour::auth);
    }
}

} // namespace reeld::sandbox
