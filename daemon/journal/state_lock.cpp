#include "daemon/journal/state_lock.h"

#include "daemon/journal/journal_error.h"
#include "daemon/output/files.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace reeld {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kFolderMode = 0700; // Prompts are private.
constexpr mode_t kLockMode = 0600;

[[noreturn]] void fail(const std::string& what, const fs::path& path) {
    throw JournalError(JournalError::Kind::unavailable,
                       fmt::format("cannot {} {}: {}. Check the folder and its owner, or choose another one "
                                   "with --state",
                                   what, path.native(), std::strerror(errno)));
}

void sync_folder_of(const fs::path& made) {
    if (const auto error = sync_folder(made.parent_path())) {
        throw JournalError(JournalError::Kind::unavailable,
                           fmt::format("{}. Choose another state folder with --state", *error));
    }
}

void make_folder(const fs::path& folder) {
    std::error_code ignored; // Whatever is in the way, mkdir will say so.
    if (folder.empty() || fs::is_directory(folder, ignored)) return;
    make_folder(folder.parent_path());
    if (::mkdir(folder.c_str(), kFolderMode) != 0) fail("make the state folder", folder);
    sync_folder_of(folder);
}

/// The process id that the holder wrote into the file, 0 when there is none.
pid_t holder_of(int fd) {
    std::array<char, 32> text{};
    const ssize_t length = ::pread(fd, text.data(), text.size() - 1, 0);
    return length > 0 ? static_cast<pid_t>(std::strtol(text.data(), nullptr, 10)) : 0;
}

[[noreturn]] void fail_in_use(const fs::path& folder, pid_t holder) {
    const std::string who = holder > 0 ? fmt::format("process {}", holder) : "another process";
    throw JournalError(JournalError::Kind::in_use,
                       fmt::format("the state folder {} is in use by {}: stop that one first, or choose "
                                   "another folder with --state",
                                   folder.native(), who));
}

} // namespace

fs::path make_state_folder(const fs::path& folder) {
    fs::path absolute = fs::absolute(folder).lexically_normal();
    if (!absolute.has_filename()) absolute = absolute.parent_path(); // It ended with a slash.
    make_folder(absolute);
    std::error_code error;
    fs::path canonical = fs::canonical(absolute, error);
    if (error) {
        errno = error.value();
        fail("open the state folder", absolute);
    }
    return canonical;
}

StateLock::StateLock(const fs::path& folder) : path_(folder / "lock") {
    fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kLockMode);
    if (fd_ < 0) fail("open the lock file", path_);
    if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
        const int cause = errno;
        const pid_t holder = holder_of(fd_);
        ::close(fd_);
        errno = cause;
        if (cause == EWOULDBLOCK) fail_in_use(folder, holder);
        fail("lock", path_);
    }
    // Only a message depends on the process id, so a disk too full for it does not matter.
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(fd_, 0) == 0) [[maybe_unused]]
        const ssize_t ignored = ::pwrite(fd_, pid.data(), pid.size(), 0);
}

StateLock::~StateLock() {
    // A stale process id must not be shown to whoever meets the next holder before it wrote its own.
    [[maybe_unused]] const int ignored = ::ftruncate(fd_, 0);
    ::close(fd_);
}

bool StateLock::in_place() const {
    struct stat held {};
    struct stat there {};
    if (::lstat(path_.c_str(), &there) != 0) return errno != ENOENT;
    if (::fstat(fd_, &held) != 0) return true;
    return held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

} // namespace reeld
