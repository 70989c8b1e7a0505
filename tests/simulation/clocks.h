/// The clocks of a simulated night: the true time, this machine's two, and the provider's.
#pragma once

#include "jobs/queue/time.h"

#include <string>

namespace reeld::test {

/// True time since the night began. Only the simulation knows it: the daemon sees its own clocks, the
/// provider its own.
using Moment = Duration;

struct Clocks {
    Moment now{};

    // This machine.
    Moment booted_at = -std::chrono::hours{3};
    int boot = 1;
    Duration wall_error{}; ///< Of its calendar clock; it may jump.

    // The provider.
    Duration provider_error{}; ///< Of the machines that write `Date`.
    Duration rows_error{};     ///< Of those that date executions, against the former.

    /// CLOCK_BOOTTIME.
    [[nodiscard]] Duration since_boot() const { return now - booted_at; }
    [[nodiscard]] WallTime wall() const { return kNightfall + now + wall_error; }
    [[nodiscard]] std::string boot_id() const { return "boot-" + std::to_string(boot); }
    [[nodiscard]] WallTime provider(Moment at) const { return kNightfall + at + provider_error; }
    [[nodiscard]] WallTime row_date(Moment at) const { return provider(at) + rows_error; }

private:
    /// Some evening in 2026.
    static constexpr WallTime kNightfall{std::chrono::seconds{1'795'000'000}};
};

} // namespace reeld::test
