#include "jobs/queue/token_bucket.h"

#include <algorithm>
#include <cassert>

namespace reeld {

TokenBucket::TokenBucket(Limit limit) : limit_(limit) {
    assert(limit.capacity >= 1 && limit.window > Duration::zero());
}

void TokenBucket::take(Instant now) {
    // What is back for good is forgotten here, so that the ring never outgrows the bucket.
    while (!arrived_by_.empty() && arrived_by_.front() + limit_.window <= now) arrived_by_.pop_front();
    ++unanswered_;
}

void TokenBucket::answered(Instant at) {
    lost(at, at);
}

void TokenBucket::lost(Instant at, Instant latest) {
    assert(unanswered_ > 0);
    --unanswered_;
    // What is stamped before an earlier answer would come back too early: it counts as of that one.
    last_answer_ = std::max(at, last_answer_);
    const Instant arrived_by = std::max(latest, last_answer_);
    arrived_by_.insert(std::upper_bound(arrived_by_.begin(), arrived_by_.end(), arrived_by), arrived_by);
}

void TokenBucket::distrust(Instant trusted, Instant now) {
    for (auto& arrived_by : arrived_by_) {
        if (arrived_by + limit_.window <= trusted) continue;
        arrived_by = std::max(arrived_by, now + std::max(Duration::zero(), arrived_by - trusted));
    }
}

int TokenBucket::coming_back(Instant now) const {
    const auto first_missing = std::partition_point(arrived_by_.begin(), arrived_by_.end(),
                                                    [&](Instant it) { return it + limit_.window <= now; });
    return static_cast<int>(arrived_by_.end() - first_missing);
}

int TokenBucket::available(Instant now) const {
    return std::max(0, limit_.capacity - unanswered_ - coming_back(now));
}

Instant TokenBucket::ready_at(Instant now) const {
    if (available(now) > 0) return now;
    // How many tokens must come back before one is on hand; more than one when the limit was lowered.
    const int needed = unanswered_ + coming_back(now) - limit_.capacity + 1;
    if (needed > coming_back(now)) return Instant::max();
    const auto nth = arrived_by_.end() - coming_back(now) + (needed - 1);
    return *nth + limit_.window;
}

} // namespace reeld
