/// How long predictions take: what is believed of a model and a clip length, learned from what was seen.
#pragma once

#include "jobs/queue/time.h"

#include <compare>
#include <cstdint>
#include <map>
#include <string>

namespace reeld {

/// Guess for a model whose typical time nobody documents: of the order of today's video models.
inline constexpr Duration kTypicalGuess = std::chrono::seconds{120};

/// A belief about a duration: log-normal, with a share of stragglers that take several times as long.
///
/// Durations of renders are products of many factors, hence the logarithm; the stragglers keep a prediction
/// that is long overdue from being asked about as eagerly as one that is due.
class DurationBelief {
public:
    /// `median` above zero; `log_spread` is the standard deviation of the logarithm, above zero; `seen` is
    /// the number of observations behind it.
    DurationBelief(Duration median, double log_spread, int seen);

    [[nodiscard]] Duration median() const { return median_; }
    [[nodiscard]] Duration mean() const;
    [[nodiscard]] int seen() const { return seen_; }

    /// The chance per second that a prediction of age `age` that has not ended yet ends now.
    [[nodiscard]] double hazard_per_s(Duration age) const;

    /// The age by which a share `chance` (0 … 1) of predictions has ended, stragglers left out.
    [[nodiscard]] Duration quantile(double chance) const;

private:
    Duration median_;
    double log_spread_;
    int seen_;
};

/// Observed durations, per model and clip length.
///
/// A class that was not seen yet borrows from its model's other clip lengths, then from the catalog's typical
/// time, and is believed accordingly little.
class Durations {
public:
    /// Which predictions take alike.
    struct Kind {
        std::string model;
        std::uint16_t clip_seconds = 0;
        friend auto operator<=>(const Kind&, const Kind&) = default;
    };

    /// Typical times by model slug, from the catalog; models without one get a guess.
    explicit Durations(std::map<std::string, Duration> typical) : typical_(std::move(typical)) {}

    void observe(const Kind& kind, Duration took);

    [[nodiscard]] DurationBelief belief(const Kind& kind) const;

private:
    /// Running mean and sum of squared deviations of the logarithm of seconds (Welford's, with a memory that
    /// fades).
    struct Observed {
        int count = 0;
        double mean_log_s = 0;
        double deviations = 0;
        void add(double log_s);
    };
    [[nodiscard]] static DurationBelief believe(const Observed& observed);

    std::map<std::string, Duration> typical_;
    std::map<Kind, Observed> by_kind_;
    std::map<std::string, Observed> by_model_;
};

} // namespace reeld
