/// Durations as the provider's JSON and the sandbox's report have them: in seconds, with a fraction.
#pragma once

#include "jobs/queue/time.h"

#include <chrono>

namespace reeld::sandbox {

[[nodiscard]] inline double in_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

} // namespace reeld::sandbox
