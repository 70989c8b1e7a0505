#include "daemon/app/batch_hours.h"

#include "daemon/hours/open_spans.h"

#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace reeld {

namespace {

/// So far ahead the spans are known: enough for a batch's forecast, and for hours of one day of the week.
constexpr std::chrono::days kAhead{15};

/// They are said anew so often, and sooner when the calendar clock was set by more than it drifts.
constexpr Duration kRenewal = std::chrono::hours{24};
constexpr Duration kDriftMax = std::chrono::seconds{1};

/// How long a set clock may go unnoticed while nothing happens.
constexpr Duration kLookInterval = std::chrono::minutes{1};

Duration clocks_apart(Stamp now) {
    return now.wall.time_since_epoch() - now.at.time_since_epoch();
}

} // namespace

BatchHours::BatchHours(Queue& queue, bool heeds, std::string configured,
                       std::function<void(const std::string&)> trouble)
    : queue_(queue), heeds_(heeds), configured_(std::move(configured)), trouble_(std::move(trouble)) {}

void BatchHours::note(const Event& event) {
    if (!heeds_) return;
    const auto& fact = event.fact;
    if (const auto* accepted = std::get_if<event::BatchAccepted>(&fact)) new_.insert(accepted->batch.key);
    if (const auto* set = std::get_if<event::HoursSet>(&fact)) new_.insert(set->batch);
    if (const auto* retry = std::get_if<event::RetryAsked>(&fact)) new_.insert(retry->shot.batch);
    if (const auto* written = std::get_if<event::ManifestWritten>(&fact)) {
        new_.erase(written->batch);
        if (limited_.erase(written->batch) > 0)
            queue_.set_hours(written->batch, std::nullopt, event.stamp.at);
    }
}

void BatchHours::refresh(Stamp now) {
    looked_at_ = now.at;
    const Duration moved = clocks_apart(now) - clocks_apart_;
    const bool is_set = moved > kDriftMax || moved < -kDriftMax;
    if (is_set || now.at - said_at_ >= kRenewal) {
        new_.insert(limited_.begin(), limited_.end());
        said_at_ = now.at;
        clocks_apart_ = clocks_apart(now);
    }
    Spans known;
    for (const BatchKey batch : std::exchange(new_, {})) say(batch, now, known);
}

void BatchHours::say(BatchKey batch, Stamp now, Spans& known) {
    const std::string& own = queue_.ledger().batch(batch).hours;
    const std::string& hours = own.empty() ? configured_ : own;
    if (hours.empty() || hours == kAnyHours) {
        if (limited_.erase(batch) > 0) queue_.set_hours(batch, std::nullopt, now.at);
        return;
    }
    limited_.insert(batch);
    queue_.set_hours(batch, spans_of(hours, now, known), now.at);
}

const OpenSpans& BatchHours::spans_of(const std::string& hours, Stamp now, Spans& known) {
    const auto [entry, is_new] = known.try_emplace(hours);
    OpenSpans& spans = entry->second;
    if (!is_new) return spans;
    try {
        const auto windows = parse_hours(hours);
        if (!windows) throw std::runtime_error("they are not understood");
        for (const WallSpan& span : open_spans(*windows, now.wall, kAhead))
            spans.push_back(
                {.from = now.at + (span.from - now.wall), .until = now.at + (span.until - now.wall)});
    } catch (const std::runtime_error& error) {
        if (told_.insert(hours).second)
            trouble_(
                fmt::format("the hours {} cannot be told, so that batches which have them wait: {}; install "
                            "the machine's time zones (tzdata), and restart reeld",
                            hours, error.what()));
    }
    return spans;
}

Instant BatchHours::wake_at() const {
    return limited_.empty() ? Instant::max() : looked_at_ + kLookInterval;
}

} // namespace reeld
