#include "daemon/app/provider_clock.h"

#include "jobs/eachlabs/http_date.h"

namespace reeld {

void ProviderClock::hear(std::string_view date_header, Instant now) {
    if (const auto date = eachlabs::read_http_date(date_header)) heard_ = Heard{.date = *date, .at = now};
}

std::optional<WallTime> ProviderClock::at(Instant now) const {
    if (!heard_) return std::nullopt;
    return heard_->date + (now - heard_->at);
}

} // namespace reeld
