/// A few threads that work off a list of errands.
#pragma once

#include <cstddef>
#include <functional>

namespace reeld::test {

/// Calls `errand` with 0 … `count` - 1, each once, in `threads` threads, and returns when all have returned.
/// An errand that throws ends the program.
void work_off(std::size_t count, int threads, const std::function<void(std::size_t)>& errand);

} // namespace reeld::test
