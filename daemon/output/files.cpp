#include "daemon/output/files.h"

#include "daemon/output/fd.h"
#include "daemon/output/stepped_file.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace reeld {
namespace {

/// What a person can do about an error; empty where the error says it all.
std::string_view advice(int error) {
    switch (error) {
    case ENOSPC:
    case EDQUOT: return "; free some space, it is tried again by itself";
    case EFBIG: return "; raise the limit on the size of a file (ulimit -f, LimitFSIZE=)";
    case EACCES:
    case EPERM: return "; check the owner and the mode of this path and of the folders above it";
    case EROFS: return "; mount it writable, or choose another folder";
    case EMFILE:
    case ENFILE: return "; raise the limit on open files (ulimit -n, LimitNOFILE=)";
    case ENOTDIR: return "; something above it in the path is no folder";
    case EXDEV: return "; both names must be on one file system";
    case EIO: return "; check the disk";
    default: return "";
    }
}

/// The folder that holds `path`, also for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
}

} // namespace

std::string cannot(std::string_view verb, const std::filesystem::path& path, int error) {
    return fmt::format("cannot {} {}: {}{}", verb, path.native(), std::generic_category().message(error),
                       advice(error));
}

int write_fully(int fd, std::string_view bytes, std::uint64_t at) {
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        if (written == 0) return EIO; // No file system does this; without the check it would spin here.
        bytes.remove_prefix(static_cast<std::size_t>(written));
        at += static_cast<std::uint64_t>(written);
    }
    return 0;
}

std::optional<std::string> write_file_atomically(const std::filesystem::path& path,
                                                 std::string_view content) {
    SteppedFile file;
    if (auto error = file.open(path)) return error;
    if (auto error = file.write(content)) return error;
    return file.finish();
}

std::optional<std::string> rename_durably(const std::filesystem::path& from,
                                          const std::filesystem::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) {
        return cannot(fmt::format("rename {} to", from.native()), to, errno);
    }
    // The new name first: a power cut in between may leave both, but never none.
    if (auto error = sync_folder(folder_of(to))) return error;
    if (folder_of(from) == folder_of(to)) return std::nullopt;
    return sync_folder(folder_of(from));
}

std::optional<std::string> sync_folder(const std::filesystem::path& folder) {
    const Fd fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd) return cannot("open", folder, errno);
    if (::fsync(fd.get()) != 0 && errno != EINVAL && errno != ENOTSUP) return cannot("sync", folder, errno);
    return std::nullopt;
}

std::optional<std::string> make_folders(const std::filesystem::path& folder) {
    std::error_code ignored;
    if (std::filesystem::is_directory(folder, ignored)) return std::nullopt;
    const std::filesystem::path above = folder.parent_path();
    if (!above.empty() && above != folder) {
        if (auto error = make_folders(above)) return error;
    }
    if (::mkdir(folder.c_str(), 0777) != 0) {
        const int error = errno;
        if (!std::filesystem::is_directory(folder, ignored)) return cannot("make the folder", folder, error);
    }
    return sync_folder(folder_of(folder));
}

} // namespace reeld
