/// More file events than the kernel keeps.
#pragma once

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace reeld::test {

/// A queue longer than this is not worth the time to fill; Linux's default is 16,384.
inline constexpr long kQueueLengthMax = 200'000;

/// Closes files in `folder` after writing until every inotify queue on it has overflowed. Leaves two files,
/// whose names are no storyboards'. False when the machine's queues are too long for a test.
inline bool flood(const std::filesystem::path& folder) {
    long length = 0;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> length;
    if (length <= 0 || length > kQueueLengthMax) return false;
    // Two files in turn: the kernel merges an event with an equal one before it.
    const std::string paths[] = {folder / "flood-1", folder / "flood-2"};
    for (long i = 0; i <= length; ++i) {
        ::close(::open(paths[i % 2].c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    }
    return true;
}

} // namespace reeld::test
