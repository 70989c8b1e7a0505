/// When a create whose answer was lost can have been executed, in the provider's time.
///
/// Two things tell the provider's clock: what was known of it when the create was sent, and what a look at
/// its list says now. One of them may be wrong (a proxy's `Date`), and either is known only to within the
/// time that its answer took. Threading: none, pure.
#pragma once

#include "jobs/queue/ledger.h"

#include <chrono>
#include <string>

namespace reeld {

/// How far apart the clocks of the provider's machines may be: the one that writes `Date` and the one that
/// dates executions. What lies so close before a send is adopted by nobody, and proves no absence.
inline constexpr Duration kClocksApartMax = std::chrono::minutes{1};

/// When the create of `active` can have been executed, in the provider's time, by all that is known of its
/// clock: what was known at the send, and what a look tells.
struct CreatedFrom {
    WallTime adoptable; ///< Only what was created from here on is adopted: the later of what is known.
    WallTime possible;  ///< Nothing before can be this create's: the earlier of what is known, and some.
    /// False after a reboot, when our own clock vouches for nothing: then nothing is adopted, and absence
    /// proves nothing.
    bool certain = true;
};
/// A time of the provider, and our two instants that it lies between: of the request, and of the answer that
/// told it.
struct ProviderTime {
    WallTime as_of;
    Instant asked_at{};
    Instant answered_at{};
};
/// Of a create that is still unanswered likewise, should its answer be lost.
[[nodiscard]] CreatedFrom created_from(const ActiveShot& active, const ProviderTime& time);

[[nodiscard]] inline ProviderTime time_of(const event::ListLooked& look) {
    return {.as_of = look.as_of, .asked_at = look.asked_at, .answered_at = look.answered_at};
}

/// The time of the provider from which on a look at the model's executions matters: the earliest at which one
/// of its doubts can have been executed, or `time.as_of` when it has none.
[[nodiscard]] WallTime look_from(const Ledger& ledger, const std::string& model, const ProviderTime& time);

} // namespace reeld
