/// Why the process that read a storyboard ended early, in words for whoever wrote the storyboard.
#pragma once

#include "daemon/loop/loop.h"
#include "daemon/reader/reader.h"

#include <string>

namespace reeld {

/// "reading it took more than 1 GiB of memory (storyboard.memory)". `end` may be any end but a good one.
[[nodiscard]] std::string why_child_ended(const ChildEnd& end, const ReadLimits& limits);

/// For a reading that passed `time_max`.
[[nodiscard]] std::string why_out_of_time(const ReadLimits& limits);

} // namespace reeld
