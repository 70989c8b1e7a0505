/// inotify on one folder, wrapped once. A hint, not the truth: a burst loses events, network file systems
/// send none, a hard link is no arrival, what is written through a mapping or under a name elsewhere is no
/// modification, and a watch stays with a folder that was renamed away.
#pragma once

#include "daemon/inbox/folder_reader.h"
#include "daemon/output/fd.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace reeld {

class FolderWatch {
public:
    enum class Kind : std::uint8_t {
        arrived,  ///< A file was closed after writing, or renamed into the folder; `name` is its name.
        modified, ///< A file was written to. Its close comes as `arrived`, whatever ends its writer.
        left,     ///< A file was removed, or renamed away.
        overflow, ///< The kernel dropped events: only a scan can tell what they were.
        moved,    ///< The folder itself was removed, renamed or unmounted.
    };
    using OnEvent = std::function<void(Kind kind, std::string_view name)>;

    /// Begins to watch, and stops to watch what was watched before. Returns 0 or an errno.
    [[nodiscard]] int open(const std::filesystem::path& folder);
    void close() { fd_.reset(); }

    /// Readable when there are events; -1 when nothing is watched.
    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] bool is_open() const { return static_cast<bool>(fd_); }

    /// The folder that is watched, which need no longer be the one at the path.
    [[nodiscard]] FolderReader::Identity identity() const { return identity_; }

    /// Takes one portion of what has come, at most a few hundred events, and reports it. Never waits.
    /// `on_event` may close this watch; the portion is then finished nevertheless.
    void read(const OnEvent& on_event);

private:
    Fd fd_;
    FolderReader::Identity identity_;
};

} // namespace reeld
