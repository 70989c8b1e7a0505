#include "jobs/manifest/rfc3339.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace reeld {

std::string rfc3339(WallTime time) {
    using namespace std::chrono;
    constexpr auto kFirst = sys_time<milliseconds>{sys_days{January / 1 / 0}};
    constexpr auto kLast = sys_time<milliseconds>{sys_days{January / 1 / 10'000}} - milliseconds{1};
    const auto instant = std::clamp(floor<milliseconds>(time), kFirst, kLast);
    const auto day = floor<days>(instant);
    const year_month_day date{day};
    const hh_mm_ss clock{instant - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

} // namespace reeld
