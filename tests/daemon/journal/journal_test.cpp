#include "daemon/journal/journal.h"

#include "tests/support/sample_journal.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

using namespace reeld;
using namespace reeld::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

Journal::Options state_options_in(const TempFolder& folder) {
    return {.folder = folder / "state", .provider = "https://api.example/v1", .vfs = ""};
}

/// A committed batch of `shot_count` shots and the attempt of its first shot up to a video.
std::vector<Event> write_a_night(Journal& journal, std::uint32_t shot_count) {
    const BatchKey key = accept_sample_batch(journal, "harbor", shot_count, stamp_at(1));
    const ShotRef shot{.batch = key, .index = 0};
    std::vector<Event> events = {
        {stamp_at(1), event::BatchAccepted{sample_facts(key, "harbor", shot_count)}},
        {stamp_at(2), event::CreateIntended{shot, 1, "r-1"}},
        {stamp_at(2), event::CreateAccepted{shot, "p-1"}},
        {stamp_at(9), event::PredictionSucceeded{shot, {{"https://x/a.mp4"}, 6.5, 1.12}}},
        {stamp_at(9), event::ManifestWritten{key}}};
    for (std::size_t i = 1; i < events.size(); ++i) journal.append(events[i]);
    REQUIRE_FALSE(journal.commit().has_value());
    return events;
}

} // namespace

TEST_CASE("what was committed is replayed after a restart, in order and with all its facts") {
    const TempFolder folder;
    std::vector<Event> written;
    {
        Journal journal(state_options_in(folder));
        CHECK(replayed(journal).empty());
        written = write_a_night(journal, 700);
        CHECK(replayed(journal) == written);
    }
    const Journal journal(state_options_in(folder));
    CHECK(replayed(journal) == written);
}

TEST_CASE("some prediction is the newest until a time, or any where there was none until then") {
    const TempFolder folder;
    Journal journal(state_options_in(folder));
    CHECK_FALSE(journal.some_prediction(Instant::max()).has_value());
    const BatchKey key = accept_sample_batch(journal, "harbor", 3, stamp_at(1));
    for (std::uint32_t i = 0; i < 3; ++i) {
        const ShotRef shot{.batch = key, .index = i};
        journal.append({stamp_at(2 + i), event::CreateIntended{shot, 1, "r"}});
        journal.append({stamp_at(2 + i), event::CreateAccepted{shot, "p-" + std::to_string(i)}});
    }
    CHECK(journal.some_prediction(Instant::max()) == "p-2");
    CHECK(journal.some_prediction(stamp_at(3).at) == "p-1");
    CHECK(journal.some_prediction(stamp_at(1).at).has_value());
}

TEST_CASE("what was not committed is gone after a restart") {
    const TempFolder folder;
    {
        Journal journal(state_options_in(folder));
        journal.append({stamp_at(1), event::Started{}});
        REQUIRE_FALSE(journal.commit().has_value());
        journal.append({stamp_at(2), event::Started{}});
        CHECK(replayed(journal).size() == 2);
    }
    CHECK(replayed(Journal(state_options_in(folder))).size() == 1);
}

TEST_CASE("a shot's events are its own, oldest first, the uncommitted ones among them") {
    const TempFolder folder;
    Journal journal(state_options_in(folder));
    const std::vector<Event> written = write_a_night(journal, 3);
    const Event other{stamp_at(10), event::CreateIntended{{1, 2}, 1, "r-2"}};
    journal.append(other);
    CHECK(journal.events_of({1, 0}) == std::vector<Event>(written.begin() + 1, written.end() - 1));
    CHECK(journal.events_of({1, 1}).empty());
    CHECK(journal.events_of({1, 2}) == std::vector<Event>{other});
}

TEST_CASE("a commit without anything to write succeeds") {
    const TempFolder folder;
    Journal journal(state_options_in(folder));
    CHECK_FALSE(journal.commit().has_value());
    CHECK_FALSE(journal.failed());
}

TEST_CASE("a learned model is remembered, and learning it again replaces it") {
    const TempFolder folder;
    {
        Journal journal(state_options_in(folder));
        CHECK(journal.learned_models().empty());
        journal.learn_model("wan-2", "{}");
        journal.learn_model("sora-9", "{\"type\":\"object\"}");
        journal.learn_model("wan-2", "{\"title\":\"caf\u00E9\"}");
        REQUIRE_FALSE(journal.commit().has_value());
    }
    using Models = std::vector<std::pair<std::string, std::string>>;
    CHECK(Journal(state_options_in(folder)).learned_models() ==
          Models{{"sora-9", "{\"type\":\"object\"}"}, {"wan-2", "{\"title\":\"caf\u00E9\"}"}});
}

TEST_CASE("the timeline goes on exactly within one boot, and from the last event after a reboot") {
    const TempFolder folder;
    const WallTime wall = stamp_at(0).wall;
    Duration offset{};
    {
        Journal journal(state_options_in(folder));
        const Journal::Resumed first = journal.resume("boot-a", 50s, wall);
        CHECK(first.first_start);
        CHECK_FALSE(first.same_boot);
        CHECK(Instant{50s + first.offset} == Instant{wall.time_since_epoch()});
        offset = first.offset;
        journal.append({stamp_at(7'000'000), event::Started{}});
        REQUIRE_FALSE(journal.commit().has_value());
    }
    {
        Journal journal(state_options_in(folder));
        const Journal::Resumed again = journal.resume("boot-a", 80s, wall - 1h);
        CHECK(again.same_boot);
        CHECK_FALSE(again.first_start);
        CHECK(again.offset == offset);
    }
    Journal journal(state_options_in(folder));
    const Journal::Resumed rebooted = journal.resume("boot-b", 3s, wall + 17s);
    CHECK_FALSE(rebooted.same_boot);
    CHECK(Instant{3s + rebooted.offset} == stamp_at(17'000'000).at);
}

TEST_CASE("a start that died before its first commit does not count as one") {
    const TempFolder folder;
    CHECK(Journal(state_options_in(folder)).resume("boot-a", 50s, stamp_at(0).wall).first_start);
    CHECK(Journal(state_options_in(folder)).resume("boot-a", 60s, stamp_at(0).wall).first_start);
}

TEST_CASE("a second journal on one state folder is refused as in use") {
    const TempFolder folder;
    const Journal journal(state_options_in(folder));
    const OpenResult second = try_open(state_options_in(folder));
    CHECK(second.kind == JournalError::Kind::in_use);
    CHECK(second.message.find("in use by process") != std::string::npos);
}

TEST_CASE("a journal whose lock was removed writes nothing more, and the one that got the lock goes on") {
    const TempFolder folder;
    std::optional<Journal> first(std::in_place, state_options_in(folder));
    first->append(started_at(1));
    REQUIRE_FALSE(first->commit().has_value());
    std::filesystem::remove(folder / "state/lock");
    Journal second(state_options_in(folder));
    first->append(started_at(2));
    const std::string error = first->commit().value_or("");
    CAPTURE(error);
    CHECK(error.find((folder / "state/lock").string() + " was moved, removed or replaced") !=
          std::string::npos);
    CHECK(error.find("End the other one if there is one, then start reeld again") != std::string::npos);
    CHECK(first->failed());
    CHECK(first->uncommitted().size() == 1);
    first.reset();
    second.append(started_at(3));
    CHECK_FALSE(second.commit().has_value());
    CHECK(replayed(second) == std::vector{started_at(1), started_at(3)});
}

TEST_CASE("a journal keeps its id, and no other has it") {
    const TempFolder folder;
    const std::string id = Journal(state_options_in(folder)).id();
    CHECK_FALSE(id.empty());
    CHECK(Journal(state_options_in(folder)).id() == id);
    const TempFolder other;
    CHECK(Journal(state_options_in(other)).id() != id);
}

TEST_CASE("a journal is refused to another provider than its own, with both named") {
    const TempFolder folder;
    CHECK(try_open(state_options_in(folder)).message == "");
    Journal::Options other = state_options_in(folder);
    other.provider = "sandbox";
    const OpenResult result = try_open(other);
    CHECK(result.kind == JournalError::Kind::other);
    CHECK(result.message.find("https://api.example/v1") != std::string::npos);
    CHECK(result.message.find("sandbox") != std::string::npos);
    CHECK(result.message.find("--state") != std::string::npos);
    CHECK(try_open(state_options_in(folder)).message == "");
}

TEST_CASE("nobody but the owner can read the journal or its log") {
    const TempFolder folder;
    Journal journal(state_options_in(folder));
    write_a_night(journal, 1);
    for (const char* name : {"journal.db", "journal.db-wal", "journal.db-shm", "lock"}) {
        CAPTURE(name);
        struct stat status {};
        REQUIRE(::stat((folder / "state" / name).c_str(), &status) == 0);
        CHECK((status.st_mode & 07777) == 0600);
    }
}

TEST_CASE("no descriptor of the journal survives into a child's program") {
    const TempFolder folder;
    Journal journal(state_options_in(folder));
    write_a_night(journal, 1);
    int ours = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code gone; // The iterator's own descriptor, for one.
        const std::string target = fs::read_symlink(entry.path(), gone).native();
        if (!target.starts_with((folder / "state").native())) continue;
        CAPTURE(target);
        CHECK((::fcntl(std::stoi(entry.path().filename()), F_GETFD) & FD_CLOEXEC) != 0);
        ++ours;
    }
    CHECK(ours >= 3); // The lock, the file, its log.
}
