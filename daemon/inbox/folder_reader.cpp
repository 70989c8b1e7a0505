#include "daemon/inbox/folder_reader.h"

#include <cerrno>
#include <sys/stat.h>

namespace reeld {

int FolderReader::open(const std::filesystem::path& folder) {
    error_ = 0;
    folder_.reset(::opendir(folder.c_str()));
    return folder_ ? 0 : errno;
}

FolderReader::Identity FolderReader::identity() const {
    struct stat status {};
    // Cannot fail on an open descriptor; zeros would only mean one more watch.
    static_cast<void>(::fstat(::dirfd(folder_.get()), &status));
    return {.device = status.st_dev, .inode = status.st_ino};
}

std::optional<std::string_view> FolderReader::next() {
    for (;;) {
        errno = 0;
        const dirent* entry = ::readdir(folder_.get());
        if (entry == nullptr) {
            error_ = errno;
            return std::nullopt;
        }
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") return name;
    }
}

} // namespace reeld
