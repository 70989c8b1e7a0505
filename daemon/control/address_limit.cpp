#include "daemon/control/address_limit.h"

#include <algorithm>

namespace reeld {

bool AddressLimit::admits(std::string_view address, Instant now) {
    auto& bucket = *bucket_of(address, now);
    const double waited_s = std::chrono::duration<double>(now - bucket.filled_at).count();
    bucket.tokens = std::min(limit_.burst, bucket.tokens + waited_s * limit_.per_s);
    bucket.filled_at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
}

AddressLimit::Buckets::iterator AddressLimit::bucket_of(std::string_view address, Instant now) {
    const auto known = by_address_.find(std::string{address});
    if (known != by_address_.end()) {
        buckets_.splice(buckets_.begin(), buckets_, known->second);
        return known->second;
    }
    if (buckets_.size() == limit_.addresses_max) {
        by_address_.erase(buckets_.back().address);
        buckets_.pop_back();
    }
    buckets_.push_front({.address = std::string{address}, .tokens = limit_.burst, .filled_at = now});
    by_address_.emplace(buckets_.front().address, buckets_.begin());
    return buckets_.begin();
}

} // namespace reeld
