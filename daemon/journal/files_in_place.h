/// Whether the journal's files still stand under their names.
///
/// A program may write for hours into files that somebody has moved or removed meanwhile: to SQLite all is
/// well, and the next start would find no journal, make a new one, and render everything once more.
#pragma once

#include "daemon/journal/sqlite.h"

#include <filesystem>
#include <optional>
#include <sys/types.h>
#include <vector>

namespace reeld {

class FilesInPlace {
public:
    /// Remembers the journal `file` and its log as they are. Both must be open by now.
    explicit FilesInPlace(const std::filesystem::path& file);

    /// Names the first that is gone or another one, as an error that may pass: it can be put back. Costs two
    /// system calls.
    [[nodiscard]] std::optional<StorageError> why_not() const;

private:
    struct Place {
        std::filesystem::path path;
        dev_t device;
        ino_t inode;
    };
    std::vector<Place> places_;
};

} // namespace reeld
