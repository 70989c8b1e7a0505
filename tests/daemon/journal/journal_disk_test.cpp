#include "daemon/journal/journal.h"

#include "tests/daemon/journal/options.h"
#include "tests/support/sample_journal.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_disk.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace reeld;
using namespace reeld::test;
using Operation = TestDisk::Operation;
using Deed = TestDisk::Deed;
using File = TestDisk::File;

namespace {

/// Appends one event and commits it.
std::optional<std::string> record(Journal& journal, std::int64_t us) {
    journal.append(started_at(us));
    return journal.commit();
}

/// What a journal must be after a sync failed: failed for good, with a message that helps, closed to writes.
void check_failed(Journal& journal, const std::optional<std::string>& error) {
    REQUIRE(error.has_value());
    CHECK(error->find("journal.db") != std::string::npos);
    CHECK(error->find("start reeld again") != std::string::npos);
    CHECK(journal.failed());
    CHECK(record(journal, 1'000'000) == error);
    CHECK(journal.add_batch(sample_batch("late", 1)) == 0);
    CHECK_FALSE(journal.name_taken("late"));
}

/// Leaves a journal whose last commit could not be synced.
void fail_a_sync(const TempFolder& folder, TestDisk& disk) {
    Journal journal(options_in(folder.path(), disk));
    REQUIRE_FALSE(record(journal, 1).has_value());
    disk.log_sync_fails = true;
    REQUIRE(record(journal, 2).has_value());
    disk.log_sync_fails = false;
}

} // namespace

TEST_CASE("commit has written and then synced the log when it returns, and nothing is synced before it") {
    const TestDisk::Operation sync_of_log{.deed = Deed::sync, .file = File::log};
    TestDisk disk;
    const TempFolder folder;
    Journal journal(options_in(folder.path(), disk));
    REQUIRE_FALSE(record(journal, 1).has_value());
    static_cast<void>(disk.take_operations());

    journal.append({stamp_at(2), event::Started{}});
    const std::vector<Operation> before = disk.take_operations();
    CHECK(std::find(before.begin(), before.end(), sync_of_log) == before.end());

    REQUIRE_FALSE(journal.commit().has_value());
    const std::vector<Operation> during = disk.take_operations();
    REQUIRE_FALSE(during.empty());
    CHECK(during.front() == Operation{.deed = Deed::write, .file = File::log});
    CHECK(during.back() == sync_of_log);
    CHECK(std::count(during.begin(), during.end(), sync_of_log) == 1);
}

TEST_CASE("a commit without anything to write does not touch the disk") {
    TestDisk disk;
    const TempFolder folder;
    Journal journal(options_in(folder.path(), disk));
    REQUIRE_FALSE(record(journal, 1).has_value());
    static_cast<void>(disk.take_operations());
    REQUIRE_FALSE(journal.commit().has_value());
    CHECK(disk.take_operations().empty());
}

TEST_CASE("many facts of one turn are one sync") {
    TestDisk disk;
    const TempFolder folder;
    Journal journal(options_in(folder.path(), disk));
    REQUIRE_FALSE(record(journal, 1).has_value());
    static_cast<void>(disk.take_operations());
    for (int i = 2; i < 200; ++i) journal.append(started_at(i));
    REQUIRE_FALSE(journal.commit().has_value());
    const std::vector<Operation> operations = disk.take_operations();
    CHECK(std::count_if(operations.begin(), operations.end(),
                        [](const Operation& it) { return it.deed == Deed::sync; }) == 1);
}

TEST_CASE("after a failed sync the journal is failed for good, even when the disk recovers") {
    TestDisk disk;
    const TempFolder folder;
    {
        Journal journal(options_in(folder.path(), disk));
        REQUIRE_FALSE(record(journal, 1).has_value());
        disk.log_sync_fails = true;
        const std::optional<std::string> error = record(journal, 2);
        disk.log_sync_fails = false;
        CHECK(journal.uncommitted() == std::vector<Event>{started_at(2)});
        check_failed(journal, error);
        CHECK(replayed(journal) == std::vector<Event>{started_at(1)});
    }
    // Whether the fact whose sync failed reached the disk is open; that nothing before it is lost is not.
    const std::vector<Event> events = replayed(Journal(options_in(folder.path(), disk)));
    REQUIRE_FALSE(events.empty());
    CHECK(events.front() == started_at(1));
    CHECK(events.size() <= 2);
}

TEST_CASE("the start after a failed sync builds nothing on the log, which may have a hole") {
    TestDisk disk;
    const TempFolder folder;
    fail_a_sync(folder, disk);
    const auto log = folder / "journal.db-wal";
    REQUIRE(std::filesystem::file_size(log) > 0);
    static_cast<void>(disk.take_operations());
    Journal journal(options_in(folder.path(), disk));
    const std::vector<Operation> operations = disk.take_operations();
    CHECK(std::find(operations.begin(), operations.end(), Operation{Deed::sync, File::database}) !=
          operations.end());
    CHECK(std::filesystem::file_size(log) == 0);
}

TEST_CASE("a log that a full disk kept from being moved at the start is moved before the first commit") {
    TestDisk disk;
    const TempFolder folder;
    fail_a_sync(folder, disk);
    disk.full = true;
    Journal journal(options_in(folder.path(), disk));
    CHECK(record(journal, 3).has_value());
    disk.full = false;
    static_cast<void>(disk.take_operations());
    REQUIRE_FALSE(journal.commit().has_value());
    const std::vector<Operation> operations = disk.take_operations();
    const auto moved = std::find(operations.begin(), operations.end(), Operation{Deed::sync, File::database});
    const auto synced = std::find(operations.begin(), operations.end(), Operation{Deed::sync, File::log});
    CHECK(synced < moved); // It was written again.
    CHECK(std::find(moved, operations.end(), Operation{Deed::write, File::log}) != operations.end());
    CHECK(replayed(journal).back() == started_at(3));
}

TEST_CASE("after a failed sync closing the journal writes nothing more") {
    TestDisk disk;
    const TempFolder folder;
    {
        Journal journal(options_in(folder.path(), disk));
        REQUIRE_FALSE(record(journal, 1).has_value());
        disk.log_sync_fails = true;
        REQUIRE(record(journal, 2).has_value());
        static_cast<void>(disk.take_operations());
    }
    CHECK(disk.take_operations().empty());
}

TEST_CASE("a failed sync of a checkpoint is not swallowed") {
    TestDisk disk;
    const TempFolder folder;
    std::optional<std::string> error;
    std::int64_t committed = 0;
    {
        Journal journal(options_in(folder.path(), disk));
        disk.database_sync_fails = true;
        while (!error && committed < 2000) error = record(journal, ++committed);
        check_failed(journal, error);
    }
    disk.database_sync_fails = false;
    // It comes before what was to be committed: nothing of that is on the disk, and nothing was done about
    // it.
    CHECK(replayed(Journal(options_in(folder.path(), disk))).size() ==
          static_cast<std::size_t>(committed - 1));
}

TEST_CASE("the log does not grow without bounds") {
    TestDisk disk;
    const TempFolder folder;
    Journal journal(options_in(folder.path(), disk));
    for (int i = 1; i <= 1500; ++i) REQUIRE_FALSE(record(journal, i).has_value());
    CHECK(std::filesystem::file_size(folder / "journal.db-wal") < 1100 * 4152);
}

TEST_CASE("a file system that cannot do write-ahead logging is refused with what to do") {
    TestDisk disk;
    disk.without_shared_memory = true;
    const TempFolder folder;
    const OpenResult result = try_open(options_in(folder.path(), disk));
    CHECK(result.kind == JournalError::Kind::other);
    CHECK(result.message.find("write-ahead logging") != std::string::npos);
    CHECK(result.message.find("local disk with --state") != std::string::npos);
}

TEST_CASE("a journal that cannot be made leaves nothing that could pass for one") {
    TestDisk disk;
    const TempFolder folder;
    disk.full = true;
    CHECK(try_open(options_in(folder.path(), disk)).message.find("cannot make the journal") !=
          std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder / "journal.db"));
    disk.full = false;
    CHECK(try_open(options_in(folder.path(), disk)).message == "");
}
