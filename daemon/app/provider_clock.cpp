#include "daemon/app/provider_clock.h"

#include "jobs/eachlabs/http_date.h"

namespace reeld {

namespace {

/// An answer may take so long on its way: it tells less of the clock than one before it that was fast. A date
/// that lies back further is believed: the one before may have been a proxy's.
constexpr Duration kSlowAnswer = std::chrono::minutes{1};

} // namespace

void ProviderClock::hear(std::string_view date_header, Instant now) {
    const auto date = eachlabs::read_http_date(date_header);
    if (!date) return;
    const auto known = at(now);
    if (known && *date < *known && *known - *date <= kSlowAnswer) return;
    heard_ = Heard{.date = *date, .at = now};
}

std::optional<WallTime> ProviderClock::at(Instant now) const {
    if (!heard_) return std::nullopt;
    return heard_->date + (now - heard_->at);
}

} // namespace reeld
