/// Reads one storyboard to its end, for commands that want to know what is in it before anything is sent.
///
/// Blocks, on a loop of its own; the reading itself is done in a child process. Threading: none.
#pragma once

#include "daemon/cli/check_output.h"

#include <string>

namespace reeld {

/// A file that cannot be opened has that as its fault.
[[nodiscard]] CheckedFile check_file(const std::string& path, const ReadLimits& limits);

} // namespace reeld
