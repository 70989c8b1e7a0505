#include "jobs/queue/open_hours.h"

#include <algorithm>
#include <utility>

namespace reeld {

namespace {

/// The first span that is not over at `at`.
OpenSpans::const_iterator span_at(const OpenSpans& spans, Instant at) {
    return std::ranges::upper_bound(spans, at, {}, &OpenSpan::until);
}

} // namespace

void OpenHours::set(BatchKey batch, std::optional<OpenSpans> spans) {
    if (spans) {
        spans_.insert_or_assign(batch, *std::move(spans));
    } else {
        spans_.erase(batch);
    }
}

Instant OpenHours::opens_at(BatchKey batch, Instant at) const {
    const auto known = spans_.find(batch);
    if (known == spans_.end()) return at;
    const auto span = span_at(known->second, at);
    return span == known->second.end() ? Instant::max() : std::max(span->from, at);
}

Instant OpenHours::changes_at(BatchKey batch, Instant at) const {
    const auto known = spans_.find(batch);
    if (known == spans_.end()) return Instant::max();
    const auto span = span_at(known->second, at);
    if (span == known->second.end()) return Instant::max();
    return span->from > at ? span->from : span->until;
}

} // namespace reeld
