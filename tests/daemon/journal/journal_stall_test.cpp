#include "daemon/journal/journal.h"

#include "tests/daemon/journal/options.h"
#include "tests/daemon/output/small_files.h"
#include "tests/support/sample_journal.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_disk.h"

#include <doctest/doctest.h>

#include <sqlite3.h>

using namespace reeld;
using namespace reeld::test;
namespace fs = std::filesystem;

namespace {

/// A commit fails, says why in `words` and what to do, and may succeed later.
void check_stalls(Journal& journal, const std::string& words) {
    const std::optional<std::string> error = journal.commit();
    REQUIRE(error.has_value());
    CAPTURE(*error);
    CHECK(error->find("journal.db") != std::string::npos);
    CHECK(error->find(words) != std::string::npos);
    CHECK(error->find("it is tried again by itself") != std::string::npos);
    CHECK_FALSE(journal.failed());
}

/// What a machine finds that loses its power now.
std::vector<Event> replayed_after_crash(const TempFolder& folder, const TestDisk& disk) {
    const TempFolder crashed;
    for (const char* name : {"journal.db", "journal.db-wal"}) fs::copy_file(folder / name, crashed / name);
    return replayed(Journal(options_in(crashed.path(), disk)));
}

/// Another program that is writing to the journal.
class OtherWriter {
public:
    explicit OtherWriter(const TempFolder& folder) {
        REQUIRE(sqlite3_open((folder / "journal.db").c_str(), &db_) == SQLITE_OK);
        REQUIRE(sqlite3_exec(db_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
    }
    ~OtherWriter() { sqlite3_close(db_); }
    OtherWriter(const OtherWriter&) = delete;
    OtherWriter& operator=(const OtherWriter&) = delete;

private:
    sqlite3* db_ = nullptr;
};

} // namespace

TEST_CASE(
    "on a full disk nothing is lost: what is written is read meanwhile, and durable when there is space") {
    TestDisk disk;
    const TempFolder folder;
    const std::vector<Event> all = {
        {stamp_at(2), event::CreateIntended{{1, 0}, 1, "r-1"}},
        {stamp_at(3), event::CreateAccepted{{1, 0}, "p-1"}},
        {stamp_at(4), event::PredictionCancelled{{1, 0}}},
    };
    {
        Journal journal(options_in(folder.path(), disk));
        REQUIRE(accept_sample_batch(journal, "harbor", 2, stamp_at(1)) == 1);
        REQUIRE_FALSE(journal.commit().has_value());
        disk.full = true;
        journal.append(all[0]);
        check_stalls(journal, "Free space on its disk");
        journal.append(all[1]);
        check_stalls(journal, "full");
        journal.append(all[2]);
        CHECK(journal.events_of({1, 0}) == all);
        CHECK(journal.uncommitted() == all);
        CHECK(replayed_after_crash(folder, disk).size() == 1);
        disk.full = false;
        REQUIRE_FALSE(journal.commit().has_value());
        CHECK(journal.uncommitted().empty());
        CHECK(replayed_after_crash(folder, disk).size() == 4);
    }
    CHECK(Journal(options_in(folder.path(), disk)).events_of({1, 0}) == all);
}

TEST_CASE("what was not committed when the program ends on a full disk is gone, and nothing before it") {
    TestDisk disk;
    const TempFolder folder;
    {
        Journal journal(options_in(folder.path(), disk));
        journal.append(started_at(1));
        REQUIRE_FALSE(journal.commit().has_value());
        disk.full = true;
        journal.append(started_at(2));
        check_stalls(journal, "full");
    }
    disk.full = false;
    CHECK(replayed(Journal(options_in(folder.path(), disk))) == std::vector<Event>{started_at(1)});
}

TEST_CASE("a batch that is being added while the disk is full is whole afterwards") {
    TestDisk disk;
    const TempFolder folder;
    {
        Journal journal(options_in(folder.path(), disk));
        disk.full = true;
        const BatchKey key = journal.add_batch(sample_batch("harbor", 100));
        check_stalls(journal, "full");
        journal.add_shots(key, 0, sample_shots(0, 50));
        check_stalls(journal, "full");
        CHECK(journal.name_taken("harbor"));
        CHECK(journal.shot({key, 49}).shot == sample_shot(49));
        journal.add_shots(key, 50, sample_shots(50, 50));
        journal.append({stamp_at(1), event::BatchAccepted{sample_facts(key, "harbor", 100)}});
        check_stalls(journal, "full");
        disk.full = false;
        REQUIRE_FALSE(journal.commit().has_value());
    }
    const Journal journal(options_in(folder.path(), disk));
    REQUIRE(replayed(journal).size() == 1);
    CHECK(std::get<event::BatchAccepted>(replayed(journal)[0].fact).batch == sample_facts(1, "harbor", 100));
    CHECK(journal.shot({1, 99}).shot == sample_shot(99));
}

TEST_CASE("a batch that was dropped while the disk was full is gone, and its key is not used again") {
    TestDisk disk;
    const TempFolder folder;
    Journal journal(options_in(folder.path(), disk));
    const BatchKey half = journal.add_batch(sample_batch("harbor", 600));
    journal.add_shots(half, 0, sample_shots(0, 600));
    REQUIRE_FALSE(journal.commit().has_value());
    disk.full = true;
    journal.drop_batch(half);
    check_stalls(journal, "full");
    check_stalls(journal, "full");
    CHECK_FALSE(journal.name_taken("harbor"));
    CHECK(accept_sample_batch(journal, "harbor", 2, stamp_at(1)) == half + 1);
    disk.full = false;
    REQUIRE_FALSE(journal.commit().has_value());
    journal.append(started_at(2));
    REQUIRE_FALSE(journal.commit().has_value());
    CHECK_THROWS_AS(static_cast<void>(journal.shot({half, 0})), JournalError);
    CHECK(journal.shot({half + 1, 1}).shot == sample_shot(1));
}

TEST_CASE("a journal that is opened on a full disk stalls, and goes on when there is space") {
    TestDisk disk;
    const TempFolder folder;
    {
        Journal journal(options_in(folder.path(), disk));
        journal.add_batch(sample_batch("half", 1)); // To be dropped at the next start.
        REQUIRE_FALSE(journal.commit().has_value());
    }
    disk.full = true;
    Journal journal(options_in(folder.path(), disk));
    CHECK_FALSE(journal.name_taken("half"));
    check_stalls(journal, "full");
    disk.full = false;
    CHECK_FALSE(journal.commit().has_value());
}

TEST_CASE("a log that cannot grow starts over when the file has room for what is in it, and nothing stalls") {
    const TempFolder folder;
    const Journal::Options options{.folder = folder.path(), .provider = "sandbox", .vfs = ""};
    {
        Journal journal(options);
        const SmallFiles limit(200 * 1024);
        for (int i = 1; i <= 300; ++i) {
            journal.append(started_at(i));
            REQUIRE_FALSE(journal.commit().has_value());
        }
        CHECK(fs::file_size(folder / "journal.db-wal") <= 200 * 1024);
    }
    CHECK(replayed(Journal(options)).size() == 300);
}

TEST_CASE("a write that the system refuses stalls the journal, and the next commit tries again") {
    const TempFolder folder;
    const Journal::Options options{.folder = folder.path(), .provider = "sandbox", .vfs = ""};
    std::int64_t written = 0;
    {
        Journal journal(options);
        {
            const SmallFiles limit(64 * 1024);
            do {
                journal.append(started_at(++written));
            } while (written < 10'000 && !journal.commit());
            check_stalls(journal, "File too large");
        }
        CHECK_FALSE(journal.commit().has_value());
    }
    CHECK(replayed(Journal(options)).size() == static_cast<std::size_t>(written));
}

TEST_CASE("another program that is writing to the journal stalls it, and nothing is lost") {
    TestDisk disk;
    const TempFolder folder;
    BatchKey key = 0;
    {
        Journal journal(options_in(folder.path(), disk));
        journal.append(started_at(1));
        REQUIRE_FALSE(journal.commit().has_value());
        {
            const OtherWriter other(folder);
            key = accept_sample_batch(journal, "harbor", 3, stamp_at(2));
            check_stalls(journal, "End the other program");
            journal.append({stamp_at(3), event::CreateIntended{{key, 0}, 1, "r-1"}});
            check_stalls(journal, "locked");
        }
        REQUIRE_FALSE(journal.commit().has_value());
        CHECK(journal.events_of({key, 0}).size() == 1);
    }
    CHECK(replayed(Journal(options_in(folder.path(), disk))).size() == 3);
}

TEST_CASE("a disk without space for moving the log into the file fails no commit") {
    TestDisk disk;
    const TempFolder folder;
    Journal journal(options_in(folder.path(), disk));
    disk.database_full = true;
    for (int i = 1; i <= 1500; ++i) {
        journal.append(started_at(i));
        REQUIRE_FALSE(journal.commit().has_value());
    }
    CHECK(replayed_after_crash(folder, disk).size() == 1500);
    const auto log_bytes = fs::file_size(folder / "journal.db-wal");
    disk.database_full = false;
    for (int i = 1501; i <= 2500; ++i) {
        journal.append(started_at(i));
        REQUIRE_FALSE(journal.commit().has_value());
    }
    CHECK(fs::file_size(folder / "journal.db-wal") < log_bytes + 1'000'000);
    CHECK(replayed_after_crash(folder, disk).size() == 2500);
}

TEST_CASE("a journal that is moved away under the running program stalls until it is put back") {
    TestDisk disk;
    for (const std::string name : {"journal.db", "journal.db-wal"}) {
        CAPTURE(name);
        const TempFolder folder;
        Journal journal(options_in(folder.path(), disk));
        journal.append(started_at(1));
        REQUIRE_FALSE(journal.commit().has_value());
        fs::rename(folder / name, folder / "elsewhere");
        journal.append(started_at(2));
        check_stalls(journal, name + " was moved, removed or replaced");
        fs::copy_file(folder / "elsewhere", folder / name);
        check_stalls(journal, "Put it back"); // A copy is not what this program writes to.
        fs::rename(folder / "elsewhere", folder / name);
        CHECK_FALSE(journal.commit().has_value());
        CHECK(replayed(journal).size() == 2);
    }
}

TEST_CASE("a schema that was learned while the disk is full is known at once") {
    TestDisk disk;
    const TempFolder folder;
    Journal journal(options_in(folder.path(), disk));
    disk.full = true;
    journal.learn_model("model-a", "{}");
    check_stalls(journal, "full");
    CHECK(journal.learned_models().size() == 1);
}
