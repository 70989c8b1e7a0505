#include "daemon/journal/log_check.h"

#include "daemon/journal/journal.h"
#include "tests/daemon/journal/options.h"
#include "tests/support/files.h"
#include "tests/support/sample_journal.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>
#include <fstream>

using namespace reeld;
using namespace reeld::test;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kHeaderBytes = 32;
constexpr std::size_t kFrameBytes = 24 + 4096;

/// A journal of ten commits as a crash leaves it: all but the tables is in the log.
void crash_after_ten_commits(const TempFolder& crashed) {
    const TempFolder folder;
    Journal journal(quick_options_in(folder.path()));
    for (int i = 1; i <= 10; ++i) {
        journal.append({stamp_at(i), event::Started{}});
        REQUIRE_FALSE(journal.commit().has_value());
    }
    for (const char* name : {"journal.db", "journal.db-wal"}) fs::copy_file(folder / name, crashed / name);
}

std::size_t frames_in(const std::string& log) {
    return (log.size() - kHeaderBytes) / kFrameBytes;
}

} // namespace

TEST_CASE("the log of a crash between two commits is sound, and all of it is replayed") {
    const TempFolder folder;
    crash_after_ten_commits(folder);
    CHECK_FALSE(why_log_is_damaged(folder / "journal.db-wal").has_value());
    CHECK(replayed(Journal(quick_options_in(folder.path()))).size() == 10);
}

TEST_CASE("no log, an empty one, and one without a whole frame are sound") {
    const TempFolder folder;
    CHECK_FALSE(why_log_is_damaged(folder / "none").has_value());
    write_file(folder / "empty", "");
    CHECK_FALSE(why_log_is_damaged(folder / "empty").has_value());
    write_file(folder / "short", "torn");
    CHECK_FALSE(why_log_is_damaged(folder / "short").has_value());
}

TEST_CASE("a log that is torn anywhere in its last commit is sound") {
    const TempFolder folder;
    crash_after_ten_commits(folder);
    const std::string whole = read_file(folder / "journal.db-wal");
    const std::size_t last = kHeaderBytes + (frames_in(whole) - 1) * kFrameBytes;
    for (const std::size_t kept : {last, last + 1, last + 24, last + 2000, whole.size() - 1}) {
        CAPTURE(kept);
        write_file(folder / "journal.db-wal", whole.substr(0, kept));
        CHECK_FALSE(why_log_is_damaged(folder / "journal.db-wal").has_value());
        std::string flipped = whole;
        flipped[std::min(kept, whole.size() - 1)] ^= 1;
        write_file(folder / "journal.db-wal", flipped);
        CHECK_FALSE(why_log_is_damaged(folder / "journal.db-wal").has_value());
    }
}

TEST_CASE("a log that is damaged in its middle stops the start, and both files are left as they are") {
    const TempFolder folder;
    crash_after_ten_commits(folder);
    const std::string whole = read_file(folder / "journal.db-wal");
    const std::string file = read_file(folder / "journal.db");
    const std::size_t fifth = kHeaderBytes + (frames_in(whole) / 2) * kFrameBytes;
    for (const std::size_t at : {std::size_t{0}, std::size_t{9}, std::size_t{17}, std::size_t{31}, fifth + 9,
                                 fifth + 17, fifth + 100, fifth + kFrameBytes - 1}) {
        CAPTURE(at);
        std::string flipped = whole;
        flipped[at] ^= 1;
        write_file(folder / "journal.db-wal", flipped);
        const OpenResult result = try_open(quick_options_in(folder.path()));
        CAPTURE(result.message);
        CHECK(result.kind == JournalError::Kind::other);
        CHECK(result.message.find("its log") != std::string::npos);
        CHECK(result.message.find("Restore it from a backup") != std::string::npos);
        CHECK(read_file(folder / "journal.db-wal") == flipped);
        CHECK(read_file(folder / "journal.db") == file);
    }
}

TEST_CASE("what is left in a log from before it started over is no loss") {
    const TempFolder crashed;
    {
        const TempFolder folder;
        Journal journal(quick_options_in(folder.path()));
        for (int i = 1; i <= 1200; ++i) { // Past the size at which the log starts over.
            journal.append({stamp_at(i), event::Started{}});
            REQUIRE_FALSE(journal.commit().has_value());
        }
        for (const char* name : {"journal.db", "journal.db-wal"})
            fs::copy_file(folder / name, crashed / name);
    }
    REQUIRE(frames_in(read_file(crashed / "journal.db-wal")) >= 1000);
    CHECK_FALSE(why_log_is_damaged(crashed / "journal.db-wal").has_value());
    CHECK(replayed(Journal(quick_options_in(crashed.path()))).size() == 1200);
}

TEST_CASE("a damaged journal with a log is left as it is, log and all") {
    const TempFolder folder;
    crash_after_ten_commits(folder);
    std::string bytes = read_file(folder / "journal.db");
    for (std::size_t page = 4096 * 2; page + 4096 <= bytes.size(); page += 4096) bytes[page] = '\x07';
    write_file(folder / "journal.db", bytes);
    const std::string log = read_file(folder / "journal.db-wal");
    CHECK(try_open(quick_options_in(folder.path())).message.find("cannot be read") != std::string::npos);
    CHECK(read_file(folder / "journal.db") == bytes);
    CHECK(read_file(folder / "journal.db-wal") == log);
}
