/// Opens a file that may be anything: a storyboard, a folder, a FIFO that nobody writes to, a link to
/// elsewhere.
#pragma once

#include "daemon/output/fd.h"
#include "jobs/storyboard/fault.h"

#include <filesystem>
#include <optional>

namespace reeld {

/// Who names the file decides whether links are followed.
enum class Links {
    follow, ///< A person named it: `reeld run FILE`.
    refuse, ///< It lies in a folder that others can write to.
};

struct OpenedStoryboard {
    Fd fd;                      ///< Open for reading, at its start. None when there is a fault.
    std::optional<Fault> fault; ///< Why it cannot be read: missing, not allowed, not a regular file.
};

/// Opens a regular file for reading. Never waits, whatever the path is, and passes nothing on to child
/// processes.
[[nodiscard]] OpenedStoryboard open_storyboard(const std::filesystem::path& path, Links links);

} // namespace reeld
