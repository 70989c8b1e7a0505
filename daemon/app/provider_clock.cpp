#include "daemon/app/provider_clock.h"

#include "jobs/eachlabs/http_date.h"

namespace reeld {

namespace {

/// What was longer on its way tells too little: a create that was sent by such a clock could not be told from
/// another of half a minute before. Fast answers come again.
constexpr Duration kTookMax = std::chrono::seconds{10};

/// What tells a send must be known better: a prediction that is dated before it is not taken for the send's
/// own, and other things tell it as well.
constexpr Duration kSendTookMax = std::chrono::seconds{2};

/// Clocks drift apart: what is older than this is not worth more for having been fast.
constexpr Duration kBelievedFor = std::chrono::hours{1};

constexpr Duration kWholeSecond = std::chrono::seconds{1};

} // namespace

void ProviderClock::hear(std::string_view date_header, Instant asked_at, Instant now) {
    const auto date = eachlabs::read_http_date(date_header);
    const Heard heard{.date = date.value_or(WallTime{}), .asked_at = asked_at, .at = now};
    if (!date || heard.took() > kTookMax) return;
    const bool keep = heard_ && heard_->took() < heard.took() && now - heard_->at < kBelievedFor;
    // Where two dates contradict each other, one was a proxy's, or the clock was set: the newer one counts.
    if (!keep || !agrees_with(heard)) heard_ = heard;
}

bool ProviderClock::agrees_with(const Heard& other) const {
    return *earliest(other.at) <= other.date + other.took() + kWholeSecond &&
           other.date <= heard_->latest(other.at) + kWholeSecond;
}

std::optional<WallTime> ProviderClock::latest(Instant now) const {
    if (!heard_ || heard_->took() > kSendTookMax) return std::nullopt;
    return heard_->latest(now);
}

std::optional<WallTime> ProviderClock::earliest(Instant now) const {
    if (!heard_) return std::nullopt;
    return heard_->date + (now - heard_->at);
}

} // namespace reeld
