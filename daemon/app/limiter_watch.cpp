#include "daemon/app/limiter_watch.h"

namespace reeld {

std::optional<Duration> LimiterWatch::changed(Instant now, Instant possible_from, bool created) {
    const Duration wait = waited(now);
    const bool goes_on = !created && possible_from_ <= now && possible_from <= now;
    if (!goes_on) {
        idled_ += counted(wait);
        possible_from_ = possible_from;
    }
    return created ? std::optional(wait) : std::nullopt;
}

} // namespace reeld
