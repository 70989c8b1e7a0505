#include "daemon/control/history.h"

#include <algorithm>

namespace reeld {

namespace {

WallTime minute_of(WallTime time) {
    return std::chrono::floor<std::chrono::minutes>(time);
}

/// A minute in which nothing has happened yet, after `before`.
History::Point quiet_minute(WallTime at, const History::Point& before) {
    return {.at = at, .in_flight = before.left, .left = before.left};
}

} // namespace

void History::note(const Ledger& ledger, const Event& event) {
    const WallTime minute = minute_of(event.stamp.wall);
    // A calendar that steps back adds to the minute it came from: the chart goes forward only.
    if (points_.empty()) points_.push_back(quiet_minute(minute, {}));
    if (minute > points_.back().at) points_.push_back(quiet_minute(minute, points_.back()));
    if (points_.size() > points_max) points_.pop_front();
    auto& point = points_.back();
    point.left = static_cast<std::uint32_t>(ledger.active().size());
    point.in_flight = std::max(point.in_flight, point.left);
    if (std::holds_alternative<event::CreateIntended>(event.fact)) ++point.creates;
    const bool failed = std::holds_alternative<event::PredictionFailed>(event.fact) ||
                        std::holds_alternative<event::CreateRefused>(event.fact);
    if (failed) ++point.failed;
}

std::deque<History::Point> History::until(WallTime now) const {
    std::deque<Point> series;
    const WallTime begin = minute_of(now) - step * (points_max - 1);
    for (const Point& point : points_) {
        while (!series.empty() && series.back().at + step < point.at)
            series.push_back(quiet_minute(series.back().at + step, series.back()));
        series.push_back(point);
        while (series.size() > points_max) series.pop_front();
    }
    while (!series.empty() && series.back().at < minute_of(now)) {
        series.push_back(quiet_minute(series.back().at + step, series.back()));
        if (series.size() > points_max) series.pop_front();
    }
    while (!series.empty() && series.front().at < begin) series.pop_front();
    return series;
}

} // namespace reeld
