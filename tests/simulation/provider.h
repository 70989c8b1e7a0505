/// A provider on the simulation's clock. It counts what arrives, by its own books.
#pragma once

#include "jobs/queue/event.h"

#include <deque>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace reeld::test {

/// Its limits are checked when a create arrives, against arrivals and predictions of its own, so that they
/// are independent of how the queue counts. A shot that is rendered although a prediction of it runs, or has
/// succeeded, is paid for twice: that throws.
class Provider {
public:
    struct Limits {
        int creates = 100; ///< In any window of `window`, by arrival.
        Duration window{};
        int running = 10; ///< Predictions at once.
    };

    explicit Provider(Limits limits) : limits_(limits) {}

    /// How a prediction will end, and when.
    struct Fate {
        Duration takes{};
        bool succeeds = true;
        bool would_fail_again = false; ///< When it fails.
    };

    /// A create arrives. Returns the prediction's id, or an empty string when a limit is exceeded.
    std::string create(ShotRef shot, Instant now, Fate fate);

    /// A poll arrives: what it will answer. Nothing for an id nobody knows.
    [[nodiscard]] Fact poll(ShotRef shot, const std::string& prediction, Instant now) const;

    /// A cancel arrives: a running prediction ends now.
    void cancel(const std::string& prediction, Instant now);

    /// The prediction will take `by` longer.
    void prolong(const std::string& prediction, Duration by);

    struct Execution {
        std::string id;
        ShotRef shot;
        Instant created_at;
    };
    [[nodiscard]] std::vector<Execution> executions() const;

    [[nodiscard]] int refused() const { return refused_; }
    [[nodiscard]] int created(ShotRef shot) const;

private:
    struct Prediction {
        ShotRef shot;
        Instant created_at{};
        Instant ends_at{};
        Fate fate;
        bool cancelled = false;
    };
    void require_not_paid_twice(ShotRef shot, Instant now) const;

    Limits limits_;
    std::deque<Instant> arrivals_; ///< Accepted creates of the last window.
    std::map<std::string, Prediction> predictions_;
    int refused_ = 0;
};

} // namespace reeld::test
