#include "jobs/queue/token_bucket.h"

#include <algorithm>
#include <cassert>

namespace reeld {

TokenBucket::TokenBucket(Limit limit) : limit_(limit) {
    assert(limit.capacity >= 1 && limit.window > Duration::zero());
}

void TokenBucket::take(Instant now) {
    // What is back for good is forgotten here, so that the ring never outgrows the bucket.
    while (!answered_.empty() && answered_.front() + limit_.window <= now) answered_.pop_front();
    ++unanswered_;
}

void TokenBucket::answered(Instant at) {
    assert(unanswered_ > 0);
    --unanswered_;
    // An answer stamped before an earlier one would come back too early: it counts as of that one.
    answered_.push_back(answered_.empty() ? at : std::max(at, answered_.back()));
}

void TokenBucket::distrust(Instant trusted, Instant now) {
    for (auto& answer : answered_) {
        if (answer + limit_.window > trusted) answer = std::max(answer, now);
    }
}

int TokenBucket::coming_back(Instant now) const {
    const auto first_missing = std::partition_point(
        answered_.begin(), answered_.end(), [&](Instant answer) { return answer + limit_.window <= now; });
    return static_cast<int>(answered_.end() - first_missing);
}

int TokenBucket::available(Instant now) const {
    return std::max(0, limit_.capacity - unanswered_ - coming_back(now));
}

Instant TokenBucket::ready_at(Instant now) const {
    if (available(now) > 0) return now;
    // How many tokens must come back before one is on hand; more than one when the limit was lowered.
    const int needed = unanswered_ + coming_back(now) - limit_.capacity + 1;
    if (needed > coming_back(now)) return Instant::max();
    const auto nth = answered_.end() - coming_back(now) + (needed - 1);
    return *nth + limit_.window;
}

} // namespace reeld
