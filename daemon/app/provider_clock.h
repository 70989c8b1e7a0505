/// The provider's clock, as the `Date` headers of its answers tell it.
#pragma once

#include "jobs/queue/time.h"

#include <optional>
#include <string_view>

namespace reeld {

/// Pure: the instants are ours and arguments.
class ProviderClock {
public:
    /// An answer arrived now whose `Date` header is this; one without a readable date tells nothing.
    void hear(std::string_view date_header, Instant now);

    /// The provider's clock at our instant `now`, or somewhat earlier, never later. Nothing before the first
    /// answer that names a date.
    [[nodiscard]] std::optional<WallTime> at(Instant now) const;

private:
    struct Heard {
        WallTime date;
        Instant at;
    };
    std::optional<Heard> heard_;
};

} // namespace reeld
