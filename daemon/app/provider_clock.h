/// The provider's clock, as the `Date` headers of its answers tell it.
///
/// An answer's date was written at some instant between its request and its arrival, so that the clock is
/// known to within the time that the answer took. The fastest of the answers of late is believed.
#pragma once

#include "jobs/queue/time.h"

#include <optional>
#include <string_view>

namespace reeld {

/// Pure: the instants are ours and arguments.
class ProviderClock {
public:
    /// An answer to what was asked at `asked_at` arrived now, and its `Date` header is this. Nothing is
    /// learned from one without a readable date, nor from one that was on its way for more than ten seconds.
    void hear(std::string_view date_header, Instant asked_at, Instant now);

    /// The provider's clock at our instant `now`, or later by as long as the answer took that told it; in
    /// whole seconds, so that up to one may be missing. Nothing before the first answer that tells a date,
    /// and as long as the fastest took more than two seconds.
    [[nodiscard]] std::optional<WallTime> latest(Instant now) const;

    /// The same, and never later than it really is: however slow the answer was.
    [[nodiscard]] std::optional<WallTime> earliest(Instant now) const;

private:
    struct Heard {
        WallTime date;
        Instant asked_at;
        Instant at;
        [[nodiscard]] Duration took() const { return at - asked_at; }
        [[nodiscard]] WallTime latest(Instant now) const { return date + (now - asked_at); }
    };
    [[nodiscard]] bool agrees_with(const Heard& other) const;
    std::optional<Heard> heard_;
};

} // namespace reeld
