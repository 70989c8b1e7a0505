/// The metrics by name: prometheus-cpp's objects, each made once with its help and all labels that are known
/// beforehand, so that a series is there from the first scrape on, at zero.
///
/// Names follow Prometheus' conventions: base units (seconds, dollars), the unit last, `_total` for counters,
/// and labels whose values can be counted on fingers. Source: prometheus.io/docs/practices/naming. Only
/// metrics.cpp includes this. References live as long as their registry.
#pragma once

#include "daemon/metrics/metrics.h"
#include "daemon/metrics/queue_depth.h"
#include "jobs/queue/account.h"

#include <array>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace reeld {

/// What became of a create, as far as its own answer tells: the kinds of refusals first.
enum class CreateResult : std::uint8_t {
    invalid_input,
    unknown_model,
    key_rejected,
    no_balance,
    too_many_running,
    too_fast,
    accepted,
    lost,
    not_sent,
};
inline constexpr std::size_t kCreateResults = 9;

enum class PollResult : std::uint8_t { pending, ended, failed };
enum class LookResult : std::uint8_t { complete, incomplete, failed };
enum class EndResult : std::uint8_t { succeeded, failed, cancelled };
inline constexpr std::size_t kEndResults = 3;
enum class DoubtEnd : std::uint8_t { adopted, dismissed, abandoned };
inline constexpr std::size_t kSettledBy = 4;

/// The series of one model.
struct ModelSeries {
    std::array<prometheus::Counter*, kEndResults> predictions{};
    std::array<prometheus::Histogram*, kEndResults> durations{};
    prometheus::Counter* cost = nullptr;
};

struct Families {
    explicit Families(const Metrics::Options& options);

    [[nodiscard]] ModelSeries add_model(const std::string& label);

    prometheus::Registry registry;

    std::array<prometheus::Counter*, kCreateResults> creates{};
    std::array<prometheus::Counter*, 3> polls{};
    std::array<prometheus::Counter*, 3> looks{};
    prometheus::Counter& doubts;
    prometheus::Counter& doubts_held;
    std::array<std::array<prometheus::Counter*, kSettledBy>, 3> doubts_ended{};
    std::array<prometheus::Counter*, kShotStates> shots_ended{}; ///< By final state; null for the others.
    std::array<prometheus::Counter*, 4> batches_finished{};      ///< See kBatchStatuses.
    prometheus::Counter& storyboards_refused;
    prometheus::Counter& webhooks;
    std::array<prometheus::Counter*, kCommandEnds> commands{};

    std::array<prometheus::Gauge*, kBatchStates> batches{}; ///< None for finished ones.
    std::array<std::array<prometheus::Gauge*, kShotStates>, kBatchStates> shots{}; ///< Likewise.
    prometheus::Gauge& oldest_batch;
    prometheus::Gauge& batches_outside_hours;
    prometheus::Gauge& slots;
    prometheus::Gauge& slots_allowed;
    prometheus::Gauge& slots_in_use;
    prometheus::Gauge& tokens;
    prometheus::Gauge& tokens_in_use;
    std::array<prometheus::Gauge*, kSuspensionReasons> suspended{};
    prometheus::Gauge& paused;
    prometheus::Gauge& journal_stalled;

    prometheus::Counter& limiter_idle;
    prometheus::Histogram& create_wait;
    prometheus::Histogram& journal_commit;
    prometheus::Histogram& loop_turn;

private:
    void add_ends();
    void add_depth();

    prometheus::Family<prometheus::Counter>& predictions_;
    prometheus::Family<prometheus::Histogram>& durations_;
    prometheus::Family<prometheus::Counter>& cost_;
};

/// The words of batch_status(), in the order of `batches_finished`.
inline constexpr std::array<std::string_view, 4> kBatchStatuses = {"succeeded", "partial", "failed",
                                                                   "cancelled"};

} // namespace reeld
