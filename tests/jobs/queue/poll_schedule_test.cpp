#include "jobs/queue/poll_schedule.h"

#include "tests/jobs/queue/night.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace reeld::test {

using namespace std::chrono_literals;

namespace {

constexpr PollPolicy kPolicy{.first = {}, .min = 1s, .max = 15s, .give_up = 1h};

/// A belief that rests on many ends of two to three minutes.
DurationBelief well_known() {
    return {160s, 0.25, 50};
}

double median(std::vector<double> numbers) {
    std::sort(numbers.begin(), numbers.end());
    return numbers.at(numbers.size() / 2);
}

struct Nights {
    double stretch = 0;        ///< The median night's.
    double polls_per_shot = 0; ///< Of all nights.
    double lag_share = 0;      ///< Likewise.
};

Nights render_nights(const NightPlan& plan, int nights) {
    Nights all;
    std::vector<double> stretches;
    for (int seed = 1; seed <= nights; ++seed) {
        const NightResult night = render_night(plan, static_cast<std::uint64_t>(seed));
        stretches.push_back(night.stretch);
        all.polls_per_shot += night.polls_per_shot / nights;
        all.lag_share += night.lag_share / nights;
    }
    all.stretch = median(stretches);
    MESSAGE("stretch " << all.stretch << ", polls " << all.polls_per_shot << ", lag " << all.lag_share);
    return all;
}

} // namespace

TEST_CASE("the first poll comes when a known model has a fair chance to be finished, not before") {
    const Duration first = wait_until_poll(kPolicy, well_known(), 0s, 0);
    CHECK(first > 60s);
    CHECK(first < 160s);
}

TEST_CASE("a configured first poll is kept to the microsecond") {
    PollPolicy policy = kPolicy;
    policy.first = 42s;
    CHECK(wait_until_poll(policy, well_known(), 0s, 1) == 42s);
    CHECK(wait_until_poll(policy, well_known(), 41s, -1) == 1s);
    CHECK(wait_until_poll(policy, well_known(), 42s, 0) <= kPolicy.max);
}

TEST_CASE("of a model that was never seen, not even the first poll waits longer than the maximum") {
    CHECK(wait_until_poll(kPolicy, DurationBelief{160s, 1.0, 0}, 0s, 0) <= kPolicy.max);
}

TEST_CASE("polls are closer together when the end is likely than when it is long overdue") {
    const Duration likely = wait_until_poll(kPolicy, well_known(), 170s, 0);
    const Duration overdue = wait_until_poll(kPolicy, well_known(), 20min, 0);
    CHECK(likely < 5s);
    CHECK(overdue > 2 * likely);
}

TEST_CASE("every wait lies between the minimum and the maximum, whatever is believed") {
    for (const Duration typical :
         {Duration{1us}, Duration{20ms}, Duration{8s}, Duration{3min}, Duration{24h}}) {
        for (const double log_spread : {0.04, 0.3, 1.0, 5.0}) {
            for (Duration age{}; age < 48h; age = age * 3 + 1ms) {
                const auto wait = wait_until_poll(kPolicy, DurationBelief{typical, log_spread, 0}, age, 1);
                CHECK(wait >= kPolicy.min);
                CHECK(wait <= kPolicy.max);
            }
        }
    }
}

TEST_CASE("jitter moves a wait by at most a twentieth") {
    const PollPolicy policy{.first = {}, .min = 1us, .max = 1h, .give_up = 1h};
    const Duration wait = wait_until_poll(policy, well_known(), 150s, 0);
    CHECK(wait_until_poll(policy, well_known(), 150s, 1) <= wait + wait / 20 + 1us);
    CHECK(wait_until_poll(policy, well_known(), 150s, 1) > wait);
    CHECK(wait_until_poll(policy, well_known(), 150s, -1) >= wait - wait / 20 - 1us);
    CHECK(wait_until_poll(policy, well_known(), 150s, -1) < wait);
}

TEST_CASE("a poll that comes along early keeps the minimum between two polls, and a configured first one") {
    for (const Duration wait : {Duration{1s}, Duration{1100ms}, Duration{2s}, Duration{15s}}) {
        const Duration leeway = poll_leeway(kPolicy, well_known(), 170s, wait);
        CHECK(leeway >= 0s);
        CHECK(wait - leeway >= kPolicy.min);
    }
    CHECK(poll_leeway(kPolicy, well_known(), 170s, 2s) > 0s);
    PollPolicy policy = kPolicy;
    policy.first = 42s;
    CHECK(poll_leeway(policy, well_known(), 0s, 42s) == 0s);
}

TEST_CASE("a long wait for the first chance of an end is hardly cut short by coming along") {
    const Duration first = wait_until_poll(kPolicy, well_known(), 0s, 0);
    CHECK(poll_leeway(kPolicy, well_known(), 0s, first) < first / 50);
}

TEST_CASE("failed polls back off from twice the minimum to the maximum") {
    CHECK(wait_after_failed_poll(kPolicy, 1, 0) == 2s);
    CHECK(wait_after_failed_poll(kPolicy, 2, 0) == 4s);
    CHECK(wait_after_failed_poll(kPolicy, 4, 0) == kPolicy.max);
    CHECK(wait_after_failed_poll(kPolicy, 1'000'000, 1) == kPolicy.max);
}

TEST_CASE("a night of short predictions with a wrong catalog is hardly longer than it must be") {
    const Nights nights = render_nights(
        {.typical = 160s, .polling = {.first = {}, .min = 50ms, .max = 750ms, .give_up = 1h}}, 20);
    CHECK(nights.stretch <= 1.007);
    CHECK(nights.polls_per_shot <= 34);
    CHECK(nights.lag_share <= 0.007);
}

TEST_CASE("with webhooks, few polls are made and a night is hardly longer than it must be") {
    const Nights nights = render_nights(
        {.typical = 160s, .polling = {.first = {}, .min = 50ms, .max = 750ms, .give_up = 1h}, .webhooks = 1},
        20);
    CHECK(nights.stretch <= 1.002);
    CHECK(nights.polls_per_shot <= 2.5);
    const Nights slow = render_nights(
        {.median_s = 160, .typical = 160s, .polling = kPolicy, .webhooks = 1, .webhook_takes = 300ms}, 5);
    CHECK(slow.stretch <= 1.003);
    CHECK(slow.polls_per_shot <= 4);
}

TEST_CASE(
    "with webhooks that are lost, all or some, a night is as short as without, but for its first wave") {
    NightPlan plan{
        .typical = 160s, .polling = {.first = {}, .min = 50ms, .max = 750ms, .give_up = 1h}, .webhooks = 1};
    plan.webhooks_from = plan.shots;
    const Nights none = render_nights(plan, 20);
    CHECK(none.stretch <= 1.01);
    CHECK(none.polls_per_shot <= 34);
    plan.webhooks_from = 0;
    for (const double share : {0.5, 0.9, 0.98}) {
        plan.webhooks = share;
        const Nights some = render_nights(plan, 20);
        CAPTURE(share);
        CHECK(some.stretch <= 1.025);
        CHECK(some.polls_per_shot <= 35);
    }
}

TEST_CASE("with a webhook to come, the first poll waits until most predictions have ended") {
    PollPolicy policy = kPolicy;
    policy.webhook = true;
    const Duration first = wait_until_poll(policy, well_known(), 0s, 0);
    CHECK(first > 160s);
    CHECK(first < 240s);
    CHECK(wait_until_poll(policy, well_known(), 240s, 0) > kPolicy.max);
    CHECK(wait_until_poll(policy, well_known(), 240s, 0) <= 40s);
    // Of a kind that nobody has seen, the waits grow with the age.
    const DurationBelief unknown{160s, 1.0, 0};
    CHECK(wait_until_poll(policy, unknown, 0s, 0) <= kPolicy.max);
    CHECK(wait_until_poll(policy, unknown, 20min, 0) > kPolicy.max);
    CHECK(wait_until_poll(policy, unknown, 20min, 0) <= 10min);
    policy.first = 42s;
    CHECK(wait_until_poll(policy, well_known(), 0s, 0) == 42s);
}

TEST_CASE("a night of predictions as long as the catalog says is hardly longer than it must be") {
    const Nights nights = render_nights({.median_s = 160, .typical = 160s, .polling = kPolicy}, 5);
    CHECK(nights.stretch <= 1.007);
    CHECK(nights.polls_per_shot <= 36);
}

} // namespace reeld::test
