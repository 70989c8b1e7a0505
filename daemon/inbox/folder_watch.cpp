#include "daemon/inbox/folder_watch.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

namespace reeld {
namespace {

/// What is asked for. IN_CREATE is not: it comes when a file has no content yet, and for a hard link, which a
/// scan finds.
constexpr std::uint32_t kArrived = IN_CLOSE_WRITE | IN_MOVED_TO;
constexpr std::uint32_t kLeft = IN_DELETE | IN_MOVED_FROM;
constexpr std::uint32_t kMoved = IN_DELETE_SELF | IN_MOVE_SELF;

/// A file that was removed has no more events: its name may be another file's.
constexpr std::uint32_t kAsked = kArrived | IN_MODIFY | kLeft | kMoved | IN_ONLYDIR | IN_EXCL_UNLINK;

/// One portion of events: several hundred with names of usual length, so that one turn of the loop stays at
/// a millisecond or two. Must hold at least one event with the longest name.
constexpr std::size_t kPortionBytes = std::size_t{16} << 10;
static_assert(kPortionBytes >= sizeof(inotify_event) + 256);

/// Of an event about a file in the folder.
FolderWatch::Kind kind_of_news(std::uint32_t mask) {
    if ((mask & kLeft) != 0) return FolderWatch::Kind::left;
    return (mask & IN_MODIFY) != 0 ? FolderWatch::Kind::modified : FolderWatch::Kind::arrived;
}

} // namespace

int FolderWatch::open(const std::filesystem::path& folder) {
    fd_ = Fd{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    if (!fd_) return errno;
    struct stat status {};
    if (::inotify_add_watch(fd_.get(), folder.c_str(), kAsked) < 0 || ::stat(folder.c_str(), &status) != 0) {
        const int error = errno;
        fd_.reset();
        return error;
    }
    identity_ = {.device = status.st_dev, .inode = status.st_ino};
    return 0;
}

void FolderWatch::read(const OnEvent& on_event) {
    std::array<char, kPortionBytes> portion{};
    const ssize_t got = ::read(fd_.get(), portion.data(), portion.size());
    // EAGAIN and EINTR: the loop comes again when there is something.
    if (got <= 0) return;
    for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(got);) {
        inotify_event event{};
        std::memcpy(&event, portion.data() + at, sizeof event);
        at += sizeof event;
        // The name is padded with zeros up to event.len.
        const std::string_view name{portion.data() + at, ::strnlen(portion.data() + at, event.len)};
        at += event.len;
        if ((event.mask & IN_Q_OVERFLOW) != 0) {
            on_event(Kind::overflow, {});
        } else if ((event.mask & (kMoved | IN_UNMOUNT | IN_IGNORED)) != 0) {
            on_event(Kind::moved, {});
        } else if ((event.mask & IN_ISDIR) == 0) {
            on_event(kind_of_news(event.mask), name);
        }
    }
}

} // namespace reeld
