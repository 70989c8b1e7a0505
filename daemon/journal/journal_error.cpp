#include "daemon/journal/journal_error.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace reeld {

JournalError damaged_journal(const std::filesystem::path& file, const std::string& cause) {
    return {
        JournalError::Kind::other,
        fmt::format("the journal {0} cannot be read: {1}. It was left as it is. Restore it from a backup; "
                    "or, to start with an empty one, move the folder {2} aside: predictions that are "
                    "running or paid for are then unknown to reeld, and their storyboards would be "
                    "rendered and billed again",
                    file.native(), cause, file.parent_path().native())};
}

JournalError journal_error(const std::filesystem::path& file, const StorageError& error) {
    switch (error.code & 0xff) {
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_BUSY:
    case SQLITE_NOMEM:
    case SQLITE_FULL:
    case SQLITE_IOERR:
        return {
            JournalError::Kind::unwritable,
            fmt::format("the journal {} cannot be used: {}. Check the file, its owner, its disk, and whether "
                        "another program has it open, then start reeld again",
                        file.native(), error.what())};
    default: return damaged_journal(file, error.what());
    }
}

} // namespace reeld
