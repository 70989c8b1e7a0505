#include "daemon/inbox/file_version.h"

#include <sys/stat.h>

namespace reeld {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

std::int64_t to_ns(const timespec& time) {
    return std::int64_t{time.tv_sec} * kNanosecondsPerSecond + time.tv_nsec;
}

std::optional<FileVersion> version_of_regular(const struct stat& status) {
    if (!S_ISREG(status.st_mode)) return std::nullopt;
    return FileVersion{.device = status.st_dev,
                       .inode = status.st_ino,
                       .size_bytes = status.st_size,
                       .modified_ns = to_ns(status.st_mtim),
                       .changed_ns = to_ns(status.st_ctim)};
}

} // namespace

std::optional<FileVersion> version_of(const std::filesystem::path& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
    return version_of_regular(status);
}

std::optional<FileVersion> version_of(int fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return std::nullopt;
    return version_of_regular(status);
}

SourceIdentity identity_of(const FileVersion& version, const std::filesystem::path& path) {
    return {.path = path.native(),
            .device = version.device,
            .inode = version.inode,
            .size_bytes = version.size_bytes,
            .modified_ns = version.modified_ns};
}

WallTime changed_at(const FileVersion& version) {
    return WallTime{std::chrono::duration_cast<Duration>(std::chrono::nanoseconds{version.changed_ns})};
}

bool has_bytes_of(const FileVersion& version, const SourceIdentity& identity) {
    return version.device == identity.device && version.inode == identity.inode &&
           version.size_bytes == identity.size_bytes && version.modified_ns == identity.modified_ns;
}

} // namespace reeld
