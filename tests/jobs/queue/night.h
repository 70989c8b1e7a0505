/// A night's work on a virtual clock: the real queue, a provider that does everything right.
#pragma once

#include "jobs/queue/poll_schedule.h"

#include <cstdint>

namespace reeld::test {

/// What is rendered, how long it takes, and what the catalog says about it.
struct NightPlan {
    int shots = 200;
    int slots = 10;
    double median_s = 8;                          ///< Of the durations, which are log-normal.
    double spread = 0.25;                         ///< Standard deviation of their logarithm.
    Duration typical = std::chrono::seconds{160}; ///< The catalog's number, the only thing known at first.
    PollPolicy polling;
    double webhooks = 0; ///< The share of predictions whose webhook arrives; 0: creates carry none.
    Duration webhook_takes = std::chrono::milliseconds{5}; ///< From an end to its webhook.
    int webhooks_from = 0;                          ///< The webhooks of the shots before this one are lost.
    Duration answer = std::chrono::milliseconds{1}; ///< From a request to its answer; half of it each way.
};

struct NightResult {
    double stretch = 0; ///< Makespan over that of a greedy schedule without any delay.
    double polls_per_shot = 0;
    bool end_was_forecast = false; ///< The end lay in the range that was forecast at a quarter of the shots.
    double forecast_width = 0;     ///< Of that range, over the time that was left.
    double lag_share = 0;          ///< Mean time from an end to its being known, over the mean duration.
};

/// Renders the night. The same plan and seed give the same result.
[[nodiscard]] NightResult render_night(const NightPlan& plan, std::uint64_t seed);

} // namespace reeld::test
