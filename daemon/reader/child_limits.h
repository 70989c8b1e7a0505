/// What the process that reads a storyboard gives up before it looks at the file.
#pragma once

#include "daemon/reader/reader.h"

namespace reeld {

/// Whether the limit on memory holds in this build. AddressSanitizer reserves terabytes of addresses, so
/// that no limit on addresses can hold with it.
[[nodiscard]] bool memory_limit_holds();

/// For the calling process, for good: limits on memory and processor time, no core files, no further open
/// files, no new privileges, and an end when the parent ends. Running out of memory ends the process with
/// ChildExit::no_memory. Returns false when the parent is gone already.
[[nodiscard]] bool apply_child_limits(const ReadLimits& limits, int parent);

} // namespace reeld
