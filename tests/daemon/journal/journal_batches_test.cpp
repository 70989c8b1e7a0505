#include "daemon/journal/journal.h"

#include "tests/daemon/journal/options.h"
#include "tests/support/sample_journal.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <array>

#include <sqlite3.h>

using namespace reeld;
using namespace reeld::test;
using namespace std::string_literals;

namespace {

void commit(Journal& journal) {
    REQUIRE_FALSE(journal.commit().has_value());
}

/// Rows of a table, counted by another connection: what is really in the file.
int count_rows(const TempFolder& folder, const std::string& table) {
    sqlite3* db = nullptr;
    sqlite3_stmt* count = nullptr;
    REQUIRE(sqlite3_open((folder / "journal.db").c_str(), &db) == SQLITE_OK);
    REQUIRE(sqlite3_prepare_v2(db, ("SELECT count(*) FROM " + table).c_str(), -1, &count, nullptr) ==
            SQLITE_OK);
    REQUIRE(sqlite3_step(count) == SQLITE_ROW);
    const int rows = sqlite3_column_int(count, 0);
    sqlite3_finalize(count);
    sqlite3_close(db);
    return rows;
}

} // namespace

TEST_CASE("an accepted batch and its shots come back as they were added") {
    const TempFolder folder;
    {
        Journal journal(quick_options_in(folder.path()));
        CHECK(accept_sample_batch(journal, "harbor", 4, stamp_at(5)) == 1);
        commit(journal);
    }
    const Journal journal(quick_options_in(folder.path()));
    BatchRow expected = sample_batch("harbor", 4);
    expected.key = 1;
    expected.accepted_at = stamp_at(5).wall;
    CHECK(journal.batch(1) == expected);
    CHECK(journal.batches() == std::vector<BatchRow>{expected});
    for (std::uint32_t index = 0; index < 4; ++index) {
        const ShotRef ref{.batch = 1, .index = index};
        CHECK(journal.shot(ref) == ShotRow{ref, sample_shot(index)});
    }
}

TEST_CASE("awkward text in a shot or a batch comes back byte by byte") {
    const TempFolder folder;
    Journal journal(quick_options_in(folder.path()));
    BatchRow row = sample_batch("harbor", 1);
    row.folder = "/srv/\xFF\xFE not UTF-8";
    row.source.path = "/srv/it's \"here\"\n.yaml";
    StoryboardShot shot = sample_shot(0);
    shot.input = R"({"prompt":"caf\u0000é 🎬"})";
    shot.note = "nul\0inside"s;
    shot.tags = {"", "a,b", "\"q\"", "nul\0inside"s};
    const BatchKey key = journal.add_batch(row);
    journal.add_shots(key, 0, {&shot, 1});
    CHECK(journal.shot({key, 0}).shot == shot);
    CHECK(journal.batch(key).folder == row.folder);
    CHECK(journal.batch(key).source == row.source);
}

TEST_CASE("a batch has its time of acceptance and of its last manifest from its events") {
    const TempFolder folder;
    Journal journal(quick_options_in(folder.path()));
    const BatchKey key = accept_sample_batch(journal, "harbor", 1, stamp_at(1));
    CHECK(journal.batch(key).accepted_at == stamp_at(1).wall);
    CHECK_FALSE(journal.batch(key).finished_at.has_value());
    journal.append({stamp_at(8), event::ManifestWritten{key}});
    journal.append({stamp_at(9), event::ManifestWritten{key}});
    CHECK(journal.batch(key).finished_at == stamp_at(9));
    CHECK(journal.batches().size() == 1);
}

TEST_CASE("batches are listed in the order in which they were accepted, not opened") {
    const TempFolder folder;
    Journal journal(quick_options_in(folder.path()));
    const BatchKey slow = journal.add_batch(sample_batch("slow", 1));
    const BatchKey quick = accept_sample_batch(journal, "quick", 1, stamp_at(1));
    journal.add_shots(slow, 0, sample_shots(0, 1));
    journal.append({stamp_at(2), event::BatchAccepted{sample_facts(slow, "slow", 1)}});
    const std::vector<BatchRow> batches = journal.batches();
    REQUIRE(batches.size() == 2);
    CHECK(batches[0].key == quick);
    CHECK(batches[1].key == slow);
}

TEST_CASE("batches with the same bytes are found, newest first, but not open ones") {
    const TempFolder folder;
    Journal journal(quick_options_in(folder.path()));
    for (const char* name : {"a", "b", "c"}) {
        BatchRow row = sample_batch(name, 1);
        row.sha256 = "same";
        const BatchKey key = journal.add_batch(row);
        journal.add_shots(key, 0, sample_shots(0, 1));
        if (name != "c"s) journal.append({stamp_at(key), event::BatchAccepted{sample_facts(key, name, 1)}});
    }
    accept_sample_batch(journal, "d", 1, stamp_at(9));
    const std::vector<BatchRow> found = journal.batches_with_bytes("same");
    REQUIRE(found.size() == 2);
    CHECK(found[0].name == "b");
    CHECK(found[1].name == "a");
    CHECK(journal.batches_with_bytes("other").empty());
}

TEST_CASE("shots may be added in many steps with commits between them") {
    const TempFolder folder;
    {
        Journal journal(quick_options_in(folder.path()));
        const BatchKey key = journal.add_batch(sample_batch("harbor", 50));
        for (std::uint32_t first = 0; first < 50; first += 20) {
            journal.add_shots(key, first, sample_shots(first, std::min(20U, 50 - first)));
            commit(journal);
        }
        journal.append({stamp_at(1), event::BatchAccepted{sample_facts(key, "harbor", 50)}});
        commit(journal);
    }
    const Journal journal(quick_options_in(folder.path()));
    const std::vector<Event> events = replayed(journal);
    REQUIRE(events.size() == 1);
    CHECK(events[0].fact == Fact{event::BatchAccepted{sample_facts(1, "harbor", 50)}});
}

TEST_CASE("an open batch is invisible to replay and lists, but its name is taken") {
    const TempFolder folder;
    Journal journal(quick_options_in(folder.path()));
    CHECK_FALSE(journal.name_taken("harbor"));
    journal.add_batch(sample_batch("harbor", 1));
    commit(journal);
    CHECK(journal.name_taken("harbor"));
    CHECK_FALSE(journal.name_taken("Harbor"));
    CHECK(journal.batches().empty());
    CHECK(replayed(journal).empty());
}

TEST_CASE(
    "a batch that a crash left half loaded is dropped at the next start, and its key is not used again") {
    const TempFolder folder;
    {
        Journal journal(quick_options_in(folder.path()));
        const BatchKey key = journal.add_batch(sample_batch("half", 100));
        journal.add_shots(key, 0, sample_shots(0, 40));
        commit(journal);
    }
    CHECK(count_rows(folder, "shot") == 40);
    {
        Journal journal(quick_options_in(folder.path()));
        CHECK_FALSE(journal.name_taken("half"));
        CHECK(accept_sample_batch(journal, "half", 2, stamp_at(1)) == 2);
        commit(journal);
    }
    CHECK(count_rows(folder, "shot") == 2);
    CHECK(count_rows(folder, "batch") == 1);
}

TEST_CASE("a dropped batch frees its name at once and its rows bit by bit") {
    const TempFolder folder;
    Journal journal(quick_options_in(folder.path()));
    const BatchKey dropped = journal.add_batch(sample_batch("harbor", 1200));
    journal.add_shots(dropped, 0, sample_shots(0, 1200));
    commit(journal);
    journal.drop_batch(dropped);
    CHECK_FALSE(journal.name_taken("harbor"));
    const BatchKey key = accept_sample_batch(journal, "harbor", 1, stamp_at(0));
    commit(journal);
    CHECK(count_rows(folder, "shot") == 700 + 1);
    for (int turn = 1; turn <= 2; ++turn) {
        journal.append({stamp_at(turn), event::Started{}});
        commit(journal);
    }
    CHECK(count_rows(folder, "shot") == 1);
    CHECK(count_rows(folder, "batch") == 1);
    CHECK(journal.shot({key, 0}).shot == sample_shot(0));
}

TEST_CASE("a dropped batch whose rows were still on their way out is gone after a restart") {
    const TempFolder folder;
    {
        Journal journal(quick_options_in(folder.path()));
        const BatchKey key = journal.add_batch(sample_batch("harbor", 600));
        journal.add_shots(key, 0, sample_shots(0, 600));
        journal.drop_batch(key);
        commit(journal);
    }
    CHECK(count_rows(folder, "shot") == 100);
    { const Journal journal(quick_options_in(folder.path())); }
    CHECK(count_rows(folder, "shot") == 0);
    CHECK(count_rows(folder, "batch") == 0);
}

TEST_CASE("the look-ups that grow with the journal go through an index") {
    const TempFolder folder;
    { const Journal journal(quick_options_in(folder.path())); }
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((folder / "journal.db").c_str(), &db) == SQLITE_OK);
    constexpr std::array kLookups = {"SELECT key FROM batch WHERE sha256 = ?",
                                     "SELECT key FROM batch WHERE name = ?",
                                     "SELECT seq FROM event WHERE batch = ? AND shot = ? ORDER BY seq",
                                     "SELECT seq FROM event WHERE batch = ? AND shot IS NULL ORDER BY seq",
                                     "SELECT input FROM shot WHERE batch = ? AND position = ?"};
    for (const char* lookup : kLookups) {
        CAPTURE(lookup);
        std::string plan;
        const auto note = [](void* to, int, char** values, char**) {
            static_cast<std::string*>(to)->append(values[3]).append("; ");
            return 0;
        };
        REQUIRE(sqlite3_exec(db, ("EXPLAIN QUERY PLAN "s + lookup).c_str(), note, &plan, nullptr) ==
                SQLITE_OK);
        CHECK(plan.find("SEARCH") != std::string::npos);
        CHECK(plan.find("SCAN") == std::string::npos);
        CHECK(plan.find("TEMP B-TREE") == std::string::npos);
    }
    sqlite3_close(db);
}
