/// A file system of a few pages, to see a disk that is really full.
#pragma once

#include <filesystem>
#include <functional>

namespace reeld::test {

enum class OnSmallDisk {
    held,        ///< The scenario returned true.
    broken,      ///< It returned false, or died.
    unavailable, ///< This machine lets nobody mount anything, not even in a namespace of its own.
};

/// Runs `scenario` in a child process that sees an empty file system of `bytes` at `folder`, an existing
/// folder. The mount is the child's own and ends with it. The scenario must not use doctest's macros.
OnSmallDisk on_small_disk(const std::filesystem::path& folder, unsigned bytes,
                          const std::function<bool()>& scenario);

} // namespace reeld::test
