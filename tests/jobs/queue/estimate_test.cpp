#include "jobs/queue/estimate.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

#include <array>

namespace reeld::test {

namespace {

constexpr std::array<BatchKey, 1> kFirst = {1};

double estimate_s(const DrivenQueue& queue) {
    const auto estimate = estimate_remaining(queue.ledger(), kFirst, queue.now);
    REQUIRE(estimate.has_value());
    return std::chrono::duration<double>(*estimate).count();
}

} // namespace

TEST_CASE("slots bound the estimate when tokens abound") {
    DrivenQueue queue{account_rules(1'000, 10, 100s)};
    queue.accept(1, shots(10));
    const double one_wave = estimate_s(queue);
    DrivenQueue longer{account_rules(1'000, 10, 100s)};
    longer.accept(1, shots(100));
    CHECK(estimate_s(longer) == doctest::Approx(10 * one_wave));
}

TEST_CASE("tokens bound the estimate when slots abound") {
    DrivenQueue queue{account_rules(1, 1'000, 100s)};
    queue.accept(1, shots(61));
    CHECK(estimate_s(queue) > 60 * 60);
}

TEST_CASE("the estimate shrinks while a prediction renders, and does not reach zero before it ends") {
    DrivenQueue queue{account_rules(100, 10, 100s)};
    queue.accept(1, shots(1));
    const double before = estimate_s(queue);
    queue.accepted_creates();
    queue.now += 50s;
    CHECK(estimate_s(queue) < before);
    queue.now += 50min;
    CHECK(estimate_s(queue) > 0);
}

TEST_CASE("there is no estimate when all is final or waits for a person") {
    DrivenQueue queue;
    queue.accept(1, shots(2));
    for (const ShotRef shot : queue.creates()) shot.index == 0 ? queue.accepted(shot) : queue.held(shot);
    queue.now += 1min;
    queue.succeeded({1, 0});
    CHECK_FALSE(estimate_remaining(queue.ledger(), kFirst, queue.now).has_value());
    CHECK_FALSE(estimate_remaining(queue.ledger(), {}, queue.now).has_value());
}

} // namespace reeld::test
