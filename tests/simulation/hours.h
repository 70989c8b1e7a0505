/// The hours of a simulated night that has some: the first minutes of each hour.
#pragma once

#include "jobs/queue/time.h"

#include <fmt/format.h>
#include <string>

namespace reeld::test {

inline constexpr std::chrono::minutes kOpenOfHour{40};

/// As a configuration says them.
[[nodiscard]] inline std::string minutes_of_each_hour() {
    std::string text;
    for (int hour = 0; hour < 24; ++hour)
        text += fmt::format("{}{:02}:00-{:02}:{}", hour == 0 ? "" : "; ", hour, hour, kOpenOfHour.count());
    return text + " UTC";
}

} // namespace reeld::test
