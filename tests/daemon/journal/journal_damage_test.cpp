#include "daemon/journal/journal.h"

#include "tests/daemon/journal/options.h"
#include "tests/support/files.h"
#include "tests/support/sample_journal.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <fstream>

#include <sqlite3.h>

using namespace reeld;
using namespace reeld::test;
namespace fs = std::filesystem;

namespace {

/// A closed journal with one batch and one create.
void make_journal(const TempFolder& folder, std::uint32_t shot_count = 3) {
    Journal journal(quick_options_in(folder.path()));
    const BatchKey key = accept_sample_batch(journal, "harbor", shot_count, stamp_at(1));
    journal.append({stamp_at(2), event::CreateIntended{{key, 0}, 1, "r-1"}});
    journal.append({stamp_at(3), event::CreateAccepted{{key, 0}, "p-1"}});
    REQUIRE_FALSE(journal.commit().has_value());
}

/// Changes the closed journal behind reeld's back.
void tamper(const TempFolder& folder, const std::string& sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((folder / "journal.db").c_str(), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
}

/// The message of the JournalError with which replay ends, empty when it does not.
std::string error_of_replay(const TempFolder& folder) {
    const Journal journal(quick_options_in(folder.path()));
    try {
        static_cast<void>(replayed(journal));
        return "";
    } catch (const JournalError& error) {
        return error.what();
    }
}

bool says(const std::string& message, const std::string& part) {
    return message.find(part) != std::string::npos;
}

void check_refused(const TempFolder& folder, const std::string& cause) {
    const std::string before = read_file(folder / "journal.db");
    const OpenResult result = try_open(quick_options_in(folder.path()));
    CAPTURE(result.message);
    CHECK(result.kind == JournalError::Kind::other);
    CHECK(says(result.message, (folder / "journal.db").native()));
    CHECK(says(result.message, cause));
    CHECK(says(result.message, "Restore it from a backup"));
    CHECK(says(result.message, "billed again"));
    CHECK(read_file(folder / "journal.db") == before);
}

} // namespace

TEST_CASE("a file that is no database is refused and left as it is") {
    const TempFolder folder;
    write_file(folder / "journal.db", std::string(5000, 'x'));
    check_refused(folder, "not a database");
}

TEST_CASE("another program's database is refused and left as it is") {
    const TempFolder folder;
    tamper(folder, "CREATE TABLE cookies (name)");
    check_refused(folder, "not a journal of reeld");
}

TEST_CASE("an empty file in the journal's place is damage, not a new journal") {
    const TempFolder folder;
    write_file(folder / "journal.db", "");
    check_refused(folder, "it is empty");
}

TEST_CASE("a log without its file is damage, not a new journal") {
    const TempFolder folder;
    write_file(folder / "journal.db-wal", "x");
    check_refused(folder, "it is gone, but its log");
    CHECK_FALSE(fs::exists(folder / "journal.db"));
}

TEST_CASE("a file cut short is refused and left as it is") {
    const TempFolder folder;
    make_journal(folder, 500);
    const std::string whole = read_file(folder / "journal.db");
    write_file(folder / "journal.db", whole.substr(0, whole.size() / 2));
    check_refused(folder, "malformed");
}

TEST_CASE("a link in the journal's place is refused") {
    const TempFolder folder;
    const TempFolder elsewhere;
    make_journal(elsewhere);
    fs::create_symlink(elsewhere / "journal.db", folder / "journal.db");
    const OpenResult result = try_open(quick_options_in(folder.path()));
    CHECK(says(result.message, "it cannot be opened"));
    CHECK(says(result.message, "Check the file, its owner, its disk"));
    CHECK_FALSE(says(result.message, "aside"));
}

TEST_CASE("a journal of a newer version is refused with both versions") {
    const TempFolder folder;
    make_journal(folder);
    tamper(folder, "PRAGMA user_version = 9");
    const OpenResult result = try_open(quick_options_in(folder.path()));
    CHECK(result.kind == JournalError::Kind::other);
    CHECK(says(result.message, "has format 9"));
    CHECK(says(result.message, "up to 6"));
    CHECK(says(result.message, "newer reeld"));
}

TEST_CASE("a journal without one of its tables is refused by name") {
    for (const std::string table : {"meta", "shot", "batch", "event", "learned_model"}) {
        const TempFolder folder;
        make_journal(folder);
        tamper(folder, "PRAGMA foreign_keys=OFF; DROP TABLE " + table);
        check_refused(folder, "no such table: " + table);
    }
}

TEST_CASE("after a crash the structure of every page is checked") {
    const TempFolder folder;
    make_journal(folder, 500);
    std::string bytes = read_file(folder / "journal.db");
    // The pages from the second on hold the tables; a page's first byte is its type.
    for (std::size_t page = 4096 * 10; page + 4096 <= bytes.size(); page += 4096) bytes[page] = '\x07';
    write_file(folder / "journal.db", bytes);
    CHECK(try_open(quick_options_in(folder.path())).message == ""); // Closed cleanly: left to replay.
    write_file(folder / "journal.db-wal", "");
    CHECK(says(try_open(quick_options_in(folder.path())).message, "cannot be read"));
}

TEST_CASE("flipped bytes anywhere in the file are an error or are harmless, never a crash") {
    const TempFolder folder;
    make_journal(folder, 40);
    const std::string whole = read_file(folder / "journal.db");
    int refused = 0;
    for (std::size_t at = 0; at < whole.size(); at += 1021) {
        std::string flipped = whole;
        flipped[at] = static_cast<char>(~flipped[at]);
        write_file(folder / "journal.db", flipped);
        fs::remove(folder / "journal.db-wal");
        fs::remove(folder / "journal.db-shm");
        if (try_open(quick_options_in(folder.path())).message != "" || error_of_replay(folder) != "")
            ++refused;
    }
    CHECK(refused > 0);
}

TEST_CASE("a crash without a log, or with a torn one, loses nothing that was in the file") {
    const TempFolder folder;
    make_journal(folder);
    CHECK_FALSE(fs::exists(folder / "journal.db-wal"));
    CHECK(error_of_replay(folder) == "");
    write_file(folder / "journal.db-wal", "torn");
    CHECK(error_of_replay(folder) == "");
}

TEST_CASE("a copy of a running journal, as a crash leaves it, has everything that was committed") {
    const TempFolder folder;
    const TempFolder crashed;
    Journal journal(quick_options_in(folder.path()));
    accept_sample_batch(journal, "harbor", 20, stamp_at(1));
    REQUIRE_FALSE(journal.commit().has_value());
    journal.append({stamp_at(2), event::Started{}});
    for (const char* name : {"journal.db", "journal.db-wal"}) fs::copy_file(folder / name, crashed / name);
    CHECK(replayed(Journal(quick_options_in(crashed.path()))).size() == 1);
}

TEST_CASE("an event that cannot be read is named by its number and kind") {
    struct Damage {
        const char* sql;
        const char* cause;
    };
    for (const Damage& damage : {
             Damage{"UPDATE event SET body = '{' WHERE seq = 2", "event 2 (create_intended) is damaged"},
             Damage{"UPDATE event SET body = '{}' WHERE seq = 3", "event 3 (create_accepted) is damaged"},
             Damage{"UPDATE event SET kind = 'x' WHERE seq = 3",
                    "event 3 (x) is damaged: this reeld knows no such"},
             Damage{"UPDATE event SET shot = NULL WHERE seq = 3", "event 3 (create_accepted) is damaged"},
             Damage{"UPDATE event SET shot = 3 WHERE seq = 3", "batch 1 has no shot 3"},
             Damage{"UPDATE event SET shot = -1 WHERE seq = 3", "-1 is out of range"},
             Damage{"UPDATE event SET batch = 2 WHERE seq = 3", "batch 2 was not accepted before"},
             Damage{"UPDATE event SET at = 5 WHERE seq = 3", "it is older than the one before it"},
             Damage{"UPDATE event SET at = 9223372036854775807 WHERE seq = 3", "is no time"},
             Damage{"UPDATE event SET wall = -9223372036854775807 WHERE seq = 3", "is no time"},
             Damage{"UPDATE event SET shot = NULL, kind = 'batch_accepted' WHERE seq = 2",
                    "was accepted before"},
         }) {
        const TempFolder folder;
        make_journal(folder);
        tamper(folder, damage.sql);
        const std::string message = error_of_replay(folder);
        CAPTURE(message);
        CHECK(says(message, damage.cause));
        CHECK(says(message, "Restore it from a backup"));
    }
}

TEST_CASE("a batch whose rows are damaged is not replayed") {
    for (const char* sql :
         {"DELETE FROM shot WHERE position = 1", "DELETE FROM shot WHERE position = 2",
          "UPDATE shot SET model = 2 WHERE position = 1", "UPDATE batch SET models = '[\"a\"'",
          "UPDATE batch SET shot_count = 4", "UPDATE shot SET priority = 40000 WHERE position = 0",
          "PRAGMA foreign_keys=OFF; DELETE FROM batch"}) {
        CAPTURE(sql);
        const TempFolder folder;
        make_journal(folder);
        tamper(folder, sql);
        CHECK(error_of_replay(folder) != "");
    }
}

TEST_CASE("a shot whose row is damaged is a JournalError when it is read") {
    const TempFolder folder;
    make_journal(folder);
    tamper(folder, "UPDATE shot SET tags = 'x' WHERE position = 0; DELETE FROM shot WHERE position = 1");
    const Journal journal(quick_options_in(folder.path()));
    CHECK_THROWS_AS(static_cast<void>(journal.shot({1, 0})), JournalError);
    CHECK_THROWS_AS(static_cast<void>(journal.shot({1, 1})), JournalError);
    CHECK_THROWS_AS(static_cast<void>(journal.batch(2)), JournalError);
}

TEST_CASE("a damaged record of the clock is a JournalError, not an overflow") {
    for (const char* offset : {"x", "", "9223372036854775807", "99999999999999999999"}) {
        const TempFolder folder;
        make_journal(folder);
        tamper(folder,
               "INSERT INTO meta VALUES ('boot_id', 'a'), ('offset_us', '" + std::string(offset) + "')");
        Journal journal(quick_options_in(folder.path()));
        CHECK_THROWS_AS(journal.resume("a", Duration{1}, WallTime{}), JournalError);
    }
}
