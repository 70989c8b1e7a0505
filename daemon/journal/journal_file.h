/// The journal's file: made whole, opened carefully, configured for durability.
#pragma once

#include "daemon/journal/sqlite.h"

#include <filesystem>
#include <memory>
#include <string>

namespace reeld {

struct OpenedJournal {
    std::unique_ptr<Database> db;
    /// The log of a program that ended badly could not be emptied, for want of space. It must be before
    /// anything is committed: a sync of it may have failed, and then it has a hole that shows only after a
    /// power cut, which takes whatever was written behind the hole along.
    bool log_is_old = false;
};

/// Opens `folder`/journal.db, and makes it first when there is none. A new one appears under its name only
/// when it is complete and synced, so that an empty or half-made file is always damage and never taken for
/// a new journal. The folder's lock is held by the caller, and `folder` is canonical.
///
/// Throws JournalError: the file is damaged, of a newer version, of another provider, or on a file system
/// that cannot do write-ahead logging.
[[nodiscard]] OpenedJournal open_journal_file(const std::filesystem::path& folder,
                                              const std::string& provider, const std::string& vfs);

/// Where it is, for messages.
[[nodiscard]] std::filesystem::path journal_file_in(const std::filesystem::path& folder);

} // namespace reeld
