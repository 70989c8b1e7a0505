#include "tests/simulation/provider.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace reeld::test {

void Provider::require_not_paid_twice(ShotRef shot, Instant now) const {
    for (const auto& [id, prediction] : predictions_) {
        if (prediction.shot != shot) continue;
        const bool running = now < prediction.ends_at;
        if (running || (prediction.fate.succeeds && !prediction.cancelled)) {
            throw std::logic_error(fmt::format("batch {}, shot {} is paid for twice: {} {}", shot.batch,
                                               shot.index, id, running ? "is running" : "has succeeded"));
        }
    }
}

std::string Provider::create(ShotRef shot, Instant now, Fate fate) {
    require_not_paid_twice(shot, now);
    while (!arrivals_.empty() && arrivals_.front() + limits_.window <= now) arrivals_.pop_front();
    const auto running = std::count_if(predictions_.begin(), predictions_.end(),
                                       [&](const auto& it) { return now < it.second.ends_at; });
    if (static_cast<int>(arrivals_.size()) >= limits_.creates || running >= limits_.running) {
        ++refused_;
        return "";
    }
    arrivals_.push_back(now);
    std::string id = fmt::format("prediction-{}", predictions_.size() + 1);
    predictions_[id] = {.shot = shot, .created_at = now, .ends_at = now + fate.takes, .fate = fate};
    return id;
}

Fact Provider::poll(ShotRef shot, const std::string& prediction, Instant now) const {
    const auto& it = predictions_.at(prediction);
    if (it.shot != shot) throw std::logic_error(prediction + " is polled for another shot");
    if (now < it.ends_at) return event::PollPending{.shot = shot, .status = "processing"};
    if (it.cancelled) return event::PredictionCancelled{shot};
    if (it.fate.succeeds) {
        return event::PredictionSucceeded{.shot = shot,
                                          .rendered = {.urls = {"https://cdn.example/" + prediction},
                                                       .predict_time_s = {},
                                                       .cost_usd = {}}};
    }
    return event::PredictionFailed{
        .shot = shot,
        .failure = {.error = {.code = "provider_error", .message = "It broke.", .details = {}},
                    .would_fail_again = it.fate.would_fail_again,
                    .predict_time_s = {},
                    .cost_usd = {}},
        .retry_after = {}};
}

std::vector<Provider::Execution> Provider::executions() const {
    std::vector<Execution> all;
    for (const auto& [id, it] : predictions_)
        all.push_back({.id = id, .shot = it.shot, .created_at = it.created_at});
    return all;
}

void Provider::cancel(const std::string& prediction, Instant now) {
    auto& it = predictions_.at(prediction);
    if (now >= it.ends_at) return;
    it.ends_at = now;
    it.cancelled = true;
}

void Provider::prolong(const std::string& prediction, Duration by) {
    predictions_.at(prediction).ends_at += by;
}

int Provider::created(ShotRef shot) const {
    return static_cast<int>(std::count_if(predictions_.begin(), predictions_.end(),
                                          [&](const auto& it) { return it.second.shot == shot; }));
}

} // namespace reeld::test
