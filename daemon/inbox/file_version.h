/// What tells one version of a file from another without reading it.
#pragma once

#include "daemon/journal/journal.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace reeld {

/// A regular file as lstat() and fstat() show it. Equal versions mean equal bytes, but for a writer that
/// writes twice within one tick of the file system's clock (a few milliseconds).
struct FileVersion {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size_bytes = 0;
    std::int64_t modified_ns = 0; ///< Since the epoch.
    std::int64_t changed_ns = 0;  ///< Likewise; moves with the mode and the owner, too.

    friend bool operator==(const FileVersion&, const FileVersion&) = default;
};

/// std::nullopt: not there, or no regular file (a link is none).
[[nodiscard]] std::optional<FileVersion> version_of(const std::filesystem::path& path);
[[nodiscard]] std::optional<FileVersion> version_of(int fd);

/// The version as the journal keeps it, with the absolute path it had.
[[nodiscard]] SourceIdentity identity_of(const FileVersion& version, const std::filesystem::path& path);

/// When the file was last written, renamed, linked, or given another mode.
[[nodiscard]] WallTime changed_at(const FileVersion& version);

/// Whether the version still has the bytes of `identity`. The time of the last change does not count:
/// programs that set a file's mode or owner after they wrote it are common, and the bytes are the same.
[[nodiscard]] bool has_bytes_of(const FileVersion& version, const SourceIdentity& identity);

} // namespace reeld
