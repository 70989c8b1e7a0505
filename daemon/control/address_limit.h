/// How many requests one address may send.
#pragma once

#include "jobs/queue/time.h"

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace reeld {

/// A bucket of tokens for each address: full at first, filled again at a steady rate.
///
/// The table is bounded: when it is full, the address that was heard of longest ago is forgotten, so that
/// many addresses cost no more memory than some, and each of them is slowed down all the same while it
/// keeps coming. Threading: none. Instants may repeat but not go back.
class AddressLimit {
public:
    struct Limit {
        double burst = 240;              ///< Requests at once, after a silence.
        double per_s = 40;               ///< In the long run.
        std::size_t addresses_max = 512; ///< At least 1.
    };

    explicit AddressLimit(Limit limit) : limit_(limit) {}

    /// Whether this address may send another request at `now`; if so, it counts.
    [[nodiscard]] bool admits(std::string_view address, Instant now);

    [[nodiscard]] std::size_t addresses() const { return buckets_.size(); }

private:
    struct Bucket {
        std::string address;
        double tokens = 0;
        Instant filled_at{};
    };
    using Buckets = std::list<Bucket>;

    Buckets::iterator bucket_of(std::string_view address, Instant now);

    Limit limit_;
    Buckets buckets_; ///< The one heard of last stands first.
    std::unordered_map<std::string, Buckets::iterator> by_address_;
};

} // namespace reeld
