#include "daemon/journal/files_in_place.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

namespace reeld {

FilesInPlace::FilesInPlace(const std::filesystem::path& file) {
    for (const char* ending : {"", "-wal"}) {
        const std::filesystem::path path = file.native() + ending;
        struct stat there {};
        if (::stat(path.c_str(), &there) == 0)
            places_.push_back({.path = path, .device = there.st_dev, .inode = there.st_ino});
    }
}

std::optional<StorageError> FilesInPlace::why_not() const {
    for (const Place& place : places_) {
        struct stat there {};
        const bool found = ::stat(place.path.c_str(), &there) == 0;
        if (found && there.st_dev == place.device && there.st_ino == place.inode) continue;
        return StorageError(
            SQLITE_CANTOPEN,
            fmt::format("{} was moved, removed or replaced while reeld had it open", place.path.native()));
    }
    return std::nullopt;
}

} // namespace reeld
