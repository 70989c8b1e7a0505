#include "jobs/queue/forecast.h"

#include "tests/jobs/queue/driven_queue.h"
#include "tests/jobs/queue/night.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace reeld::test {

namespace {

/// Slots and a model of which the catalog says that it takes 100 s.
DrivenQueue queue_with(int slots, int creates = 1'000) {
    return DrivenQueue{{.creates = {.capacity = creates, .window = 60s},
                        .slots = slots,
                        .attempts = 3,
                        .backoff = {},
                        .give_up = 1h,
                        .typical = {{"model", 100s}}}};
}

/// As many predictions in a row of shot `batch`.0 and on as shots, each of 100 s, so that much is known.
void learn(DrivenQueue& queue, BatchKey batch, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
        queue.accepted_creates();
        queue.now += 100s;
        queue.succeeded({batch, i});
    }
}

double in_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

} // namespace

TEST_CASE(
    "at a quarter of the night its end lies in the range that is forecast, mostly a fifth of what is left") {
    int right = 0;
    std::vector<double> widths;
    constexpr int kNights = 200;
    for (int seed = 0; seed < kNights; ++seed) {
        const auto night = render_night({}, static_cast<std::uint64_t>(seed));
        right += night.end_was_forecast ? 1 : 0;
        widths.push_back(night.forecast_width);
    }
    std::sort(widths.begin(), widths.end());
    MESSAGE("of ", kNights, " nights ", right, " ended in the range; its median width is ",
            widths[kNights / 2], ", the widest ", widths.back());
    CHECK(right >= kNights * 90 / 100);
    CHECK(widths[kNights / 2] <= 0.2);
}

TEST_CASE("a batch that runs alone is done when its work is, slots working side by side") {
    auto queue = queue_with(2);
    queue.accept(1, shots(40));
    queue.accepted_creates();
    for (std::uint32_t i = 0; i < 20; i += 2) {
        queue.now += 100s;
        queue.succeeded({1, i});
        queue.succeeded({1, i + 1});
        queue.accepted_creates();
    }
    const auto it = forecast(queue.ledger(), queue.now).at(1);
    CHECK(in_seconds(it.earliest - queue.now) > 850);
    CHECK(in_seconds(it.latest - queue.now) < 1150);
    CHECK(it.earliest < it.latest);
}

TEST_CASE("the same is forecast of the same, and more is believed of what was seen than of what was not") {
    auto queue = queue_with(1);
    queue.accept(1, shots(30));
    const auto before = forecast(queue.ledger(), queue.now).at(1);
    const auto again = forecast(queue.ledger(), queue.now).at(1);
    CHECK(before.earliest == again.earliest);
    CHECK(before.latest == again.latest);
    learn(queue, 1, 15);
    const auto after = forecast(queue.ledger(), queue.now).at(1);
    CHECK(after.latest - after.earliest < (before.latest - before.earliest) / 2);
}

TEST_CASE("batches of one priority are served in turns, and a higher priority is served before") {
    auto queue = queue_with(1);
    queue.accept(1, shots(10));
    learn(queue, 1, 9);
    queue.accept(2, shots(10));
    queue.accept(3, shots(10));
    queue.accept(4, shots(5, 50));
    const auto all = forecast(queue.ledger(), queue.now);
    CHECK(all.at(4).earliest < all.at(1).earliest);
    CHECK(all.at(4).latest < all.at(1).latest);
    CHECK(all.at(1).latest < all.at(2).latest);
    const double apart = in_seconds(all.at(2).latest - all.at(3).latest);
    CHECK(std::abs(apart) < 150);
}

TEST_CASE("what is paused has no forecast, and what is held is left out of it") {
    auto queue = queue_with(2);
    queue.accept(1, shots(2));
    queue.creates();
    queue.accept(2, shots(1));
    queue.held({1, 0});
    CHECK(forecast(queue.ledger(), queue.now).contains(1));
    queue.record(event::Paused{2});
    CHECK_FALSE(forecast(queue.ledger(), queue.now).contains(2));
    queue.accepted({1, 1});
    queue.succeeded({1, 1});
    CHECK(forecast(queue.ledger(), queue.now).empty());
}

TEST_CASE("where creates are what is scarce, their windows are counted") {
    auto queue = queue_with(1'000, 10);
    queue.accept(1, shots(100));
    const auto it = forecast(queue.ledger(), queue.now).at(1);
    CHECK(in_seconds(it.latest - queue.now) > 540);
}

TEST_CASE("a hundred thousand shots are drawn in as many steps as some thousands") {
    auto queue = queue_with(10);
    queue.accept(1, shots(100'000));
    const auto it = forecast(queue.ledger(), queue.now).at(1);
    CHECK(it.earliest < it.latest);
}

} // namespace reeld::test
