#include "jobs/queue/run_order.h"

#include <doctest/doctest.h>

#include <vector>

namespace reeld::test {

namespace {

void add(RunOrder& order, BatchKey batch, std::uint32_t count, int priority = 0) {
    for (std::uint32_t i = 0; i < count; ++i) order.add({batch, i}, priority);
}

/// Serves the next `count` shots of priority `priority`.
std::vector<ShotRef> serve(RunOrder& order, int count, int priority = 0) {
    std::vector<ShotRef> served;
    for (int i = 0; i < count; ++i) {
        const auto next = order.next();
        REQUIRE(next.has_value());
        order.remove(*next, priority);
        order.served(next->batch);
        served.push_back(*next);
    }
    return served;
}

using Shots = std::vector<ShotRef>;

} // namespace

TEST_CASE("within a batch, shots come in storyboard order") {
    RunOrder order;
    add(order, 1, 3);
    CHECK(serve(order, 3) == Shots{{1, 0}, {1, 1}, {1, 2}});
    CHECK(order.empty());
    CHECK_FALSE(order.next().has_value());
}

TEST_CASE("a batch of five dropped beside a batch of five thousand is not behind it") {
    RunOrder order;
    add(order, 1, 5'000);
    serve(order, 100);
    add(order, 2, 5);
    CHECK(serve(order, 4) == Shots{{2, 0}, {1, 100}, {2, 1}, {1, 101}});
}

TEST_CASE("a higher priority comes first, whoever was served least recently") {
    RunOrder order;
    add(order, 1, 2, 0);
    add(order, 2, 2, 5);
    CHECK(serve(order, 2, 5) == Shots{{2, 0}, {2, 1}});
    CHECK(serve(order, 2, 0) == Shots{{1, 0}, {1, 1}});
}

TEST_CASE("shots of one batch may have priorities of their own") {
    RunOrder order;
    order.add({1, 0}, 0);
    order.add({1, 1}, 10);
    CHECK(serve(order, 1, 10) == Shots{{1, 1}});
    CHECK(serve(order, 1, 0) == Shots{{1, 0}});
}

TEST_CASE("a batch served for an urgent shot has had its turn among the others, too") {
    RunOrder order;
    add(order, 1, 2, 0);
    add(order, 2, 2, 0);
    order.add({1, 7}, 10);
    serve(order, 1, 10);
    CHECK(order.next() == ShotRef{2, 0});
}

TEST_CASE("a shot that comes back takes its place by the storyboard") {
    RunOrder order;
    add(order, 1, 3);
    serve(order, 2);
    order.add({1, 0}, 0);
    CHECK(order.next() == ShotRef{1, 0});
}

TEST_CASE("removing a shot that is not in changes nothing") {
    RunOrder order;
    add(order, 1, 1);
    order.remove({1, 5}, 0);
    order.remove({2, 0}, 0);
    order.remove({1, 0}, 3);
    CHECK(order.next() == ShotRef{1, 0});
}

} // namespace reeld::test
