#include "daemon/journal/journal_error.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <string_view>

namespace reeld {

namespace {

/// What a person can do so that a write succeeds that did not.
std::string_view remedy(const StorageError& error) {
    switch (error.code & 0xff) {
    case SQLITE_FULL: return "Free space on its disk";
    case SQLITE_READONLY: return "Make the file, its folder and its disk writable";
    case SQLITE_BUSY: return "End the other program that is writing to it";
    case SQLITE_CANTOPEN: return "Put it back";
    default: return "Check its disk, the space on it, and the limits on files (ulimit -f, quotas)";
    }
}

} // namespace

JournalError damaged_journal(const std::filesystem::path& file, const std::string& cause) {
    return {
        JournalError::Kind::other,
        fmt::format("the journal {0} cannot be read: {1}. It was left as it is. Restore it from a backup, "
                    "or move the folder {2} aside to start with an empty one. Either way reeld does not know "
                    "what was created since: it would be rendered and billed again. So look at the provider "
                    "first, and cancel what the backup has unfinished, or keep the storyboards away",
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
            JournalError::Kind::unavailable,
            fmt::format("the journal {} cannot be used: {}. Check the file, its owner, its disk, and whether "
                        "another program has it open, then start reeld again",
                        file.native(), error.what())};
    default: return damaged_journal(file, error.what());
    }
}

std::string stalled_journal(const std::filesystem::path& file, const StorageError& error) {
    return fmt::format("cannot write the journal {}: {}. Nothing is sent until it can be written again; what "
                       "becomes known meanwhile is kept in memory. {}; it is tried again by itself",
                       file.native(), error.what(), remedy(error));
}

JournalError lost_lock(const std::filesystem::path& file) {
    return {
        JournalError::Kind::in_use,
        fmt::format("cannot write the journal {}: {} was moved, removed or replaced while reeld held it, so "
                    "another reeld may be at work in this folder. Nothing of this step was sent. End the "
                    "other one if there is one, then start reeld again: it goes on from its last record",
                    file.native(), (file.parent_path() / "lock").native())};
}

JournalError failed_journal(const std::filesystem::path& file, const StorageError& error) {
    if (journal_error(file, error).kind == JournalError::Kind::other)
        return damaged_journal(file, error.what());
    return {
        JournalError::Kind::unavailable,
        fmt::format("cannot write the journal {}: {}. Nothing of this step was sent. Check the disk, then "
                    "start reeld again: it goes on from its last record",
                    file.native(), error.what())};
}

} // namespace reeld
