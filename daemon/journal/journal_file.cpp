#include "daemon/journal/journal_file.h"

#include "daemon/journal/journal_error.h"
#include "daemon/journal/log_check.h"
#include "daemon/journal/meta_table.h"
#include "daemon/journal/schema.h"
#include "daemon/output/files.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace reeld {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kFileMode = 0600; // Prompts are private. SQLite gives its log the same mode.

[[noreturn]] void fail_making(const fs::path& file, const std::string& cause) {
    throw JournalError(JournalError::Kind::unavailable,
                       fmt::format("cannot make the journal {}: {}. Check the folder, its owner and the free "
                                   "space, or choose another folder with --state",
                                   file.native(), cause));
}

void make_empty_file(const fs::path& file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode);
    if (fd < 0) fail_making(file, std::strerror(errno));
    ::close(fd);
}

void make_journal_file(const fs::path& file, const std::string& provider, const std::string& vfs) {
    const fs::path unfinished = file.native() + ".new";
    fs::remove(unfinished); // A crash left it, before it could record anything.
    fs::remove(unfinished.native() + "-journal");
    make_empty_file(unfinished);
    try {
        Database db(unfinished, vfs);
        db.execute("PRAGMA synchronous=FULL");
        make_tables(db);
        MetaTable(db).set("provider", provider);
    } catch (const StorageError& error) {
        fail_making(file, error.what());
    }
    if (const auto error = rename_durably(unfinished, file)) fail_making(file, *error);
}

/// Whether there is a journal. What only looks like none is damage: SQLite would throw its log away.
bool journal_exists(const fs::path& file) {
    const fs::path log = file.native() + "-wal";
    if (!fs::exists(fs::symlink_status(file))) {
        if (!fs::exists(log)) return false;
        throw damaged_journal(file, fmt::format("it is gone, but its log {} is still there", log.native()));
    }
    if (fs::is_regular_file(file) && fs::file_size(file) == 0) throw damaged_journal(file, "it is empty");
    return true;
}

void configure(Database& db, const fs::path& file) {
    {
        Statement statement(db, "PRAGMA journal_mode=WAL");
        Rows rows = statement.query();
        if (!rows.next() || rows.text(0) != "wal") {
            throw JournalError(JournalError::Kind::other,
                               fmt::format("the journal {} is on a file system that cannot do write-ahead "
                                           "logging (a network file system?): choose a folder on a local "
                                           "disk with --state",
                                           file.native()));
        }
    }
    // FULL syncs each commit; NORMAL would lose the last ones to a power cut. Without mmap, a failing disk is
    // an error instead of a signal. The rest makes SQLite careful with a file that was tampered with. The
    // log is cut to the size of a busy night's when a long reader let it grow. Nothing is written before
    // COMMIT, so that a full disk is an error of COMMIT and of nothing else.
    db.execute("PRAGMA synchronous=FULL; PRAGMA mmap_size=0; PRAGMA foreign_keys=ON;"
               "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;"
               "PRAGMA cache_spill=OFF;"
               "PRAGMA journal_size_limit=67108864");
}

/// Looks at the structure of every page. Throws StorageError when it is damaged.
void check_pages(Database& db) {
    Statement statement(db, "PRAGMA quick_check(1)");
    Rows rows = statement.query();
    if (rows.next() && rows.text(0) == "ok") return;
    throw damaged(std::string(rows.text(0)));
}

/// Whether the log of a program that ended badly is in the file now, and empty.
bool begin_log_anew(Database& db) {
    try {
        db.empty_log();
        return true;
    } catch (const StorageError& error) {
        if (!error.may_pass()) throw;
        return false;
    }
}

void check_provider(Database& db, const fs::path& file, const std::string& provider) {
    const std::string stored = MetaTable(db).get("provider").value_or("");
    if (stored == provider) return;
    throw JournalError(JournalError::Kind::other,
                       fmt::format("the journal {} belongs to the provider {}, and this run would use {}: a "
                                   "journal serves one provider. Choose another folder with --state, or the "
                                   "provider of before",
                                   file.native(), stored, provider));
}

} // namespace

fs::path journal_file_in(const fs::path& folder) {
    return folder / "journal.db";
}

OpenedJournal open_journal_file(const fs::path& folder, const std::string& provider, const std::string& vfs) {
    const fs::path file = journal_file_in(folder);
    try {
        if (!journal_exists(file)) make_journal_file(file, provider, vfs);
        // A log that is still there tells of a crash. Only then is the time spent (a quarter of a second for
        // 100,000 shots) on a check of every page; replay checks what the ledger lives by anyway.
        const fs::path log = file.native() + "-wal";
        const bool crashed = fs::exists(log);
        if (const auto why = why_log_is_damaged(log)) throw damaged_journal(file, *why);
        auto db = std::make_unique<Database>(file, vfs);
        db->leave_as_is(true); // Whoever is refused finds both files as they were.
        check_version(*db, file);
        configure(*db, file);
        if (crashed) check_pages(*db);
        check_provider(*db, file, provider);
        const bool log_is_old = crashed && !begin_log_anew(*db);
        raise_version(*db);
        db->leave_as_is(false);
        return {.db = std::move(db), .log_is_old = log_is_old};
    } catch (const StorageError& error) {
        throw journal_error(file, error);
    } catch (const fs::filesystem_error& error) {
        throw journal_error(file, StorageError(SQLITE_IOERR, error.code().message()));
    }
}

} // namespace reeld
