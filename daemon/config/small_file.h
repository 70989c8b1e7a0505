/// Reads a small file whole, for start-up.
///
/// Not for storyboards, which are large, hostile, and come while the loop turns.
#pragma once

#include <filesystem>
#include <string>

#include <sys/types.h>

namespace reeld {

struct SmallFile {
    std::string content;
    mode_t mode = 0;   ///< Permission bits.
    std::string error; ///< Why it could not be read, without the path and without content; empty when it was.
};

/// Reads a regular file of at most `bytes_max`; symbolic links are followed. A FIFO or a device is refused
/// without waiting for it. Blocks; errors are values.
[[nodiscard]] SmallFile read_small_file(const std::filesystem::path& path, std::size_t bytes_max);

} // namespace reeld
