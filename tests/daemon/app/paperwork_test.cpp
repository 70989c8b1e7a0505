#include "daemon/app/paperwork.h"

#include "tests/support/night.h"
#include "tests/support/sample_journal.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace reeld::test {

using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kShots = 300; // More than are written in one step.

/// A batch whose shots have all succeeded, and the paperwork that is to tell of them.
class Desk {
public:
    Desk() {
        BatchRow row = sample_batch("harbor", kShots);
        row.folder = output().string();
        std::filesystem::create_directories(output());
        batch = journal_.add_batch(row);
        std::vector<StoryboardShot> shots;
        for (std::uint32_t index = 0; index < kShots; ++index) shots.push_back(sample_shot(index));
        journal_.add_shots(batch, 0, shots);
        journal_.append({stamp_at(1), event::BatchAccepted{sample_facts(batch, "harbor", kShots)}});
        for (std::uint32_t index = 0; index < kShots; ++index) render({.batch = batch, .index = index});
        record_.shots.resize(kShots);
        record_.in_state.at(static_cast<std::size_t>(ShotState::succeeded)) = kShots;
    }

    void append(std::uint32_t count) {
        for (std::uint32_t index = 0; index < count; ++index)
            paperwork.append_line({.batch = batch, .index = index}, false);
    }
    void write_manifest() { paperwork.write_manifest(batch, record_); }

    void render_again(ShotRef shot) {
        journal_.append({stamp_at(5), event::RetryAsked{shot}});
        journal_.append({stamp_at(6), event::CreateIntended{shot, 2, "s"}});
        journal_.append({stamp_at(7), event::CreateAccepted{shot, "q"}});
        journal_.append({stamp_at(8), event::PredictionSucceeded{shot, {{"https://x/b.mp4"}, 6.5, 1.12}}});
    }

    [[nodiscard]] std::string content(const char* file) const { return read_file(output() / file); }
    [[nodiscard]] std::ptrdiff_t lines() const {
        const std::string text = content("manifest.jsonl");
        return std::ranges::count(text, '\n');
    }

    [[nodiscard]] std::filesystem::path output() const { return folder_ / "output/harbor"; }
    /// As a person does who makes room.
    void move_folder_away() const { std::filesystem::rename(output(), folder_ / "elsewhere"); }

    Loop loop;
    BatchKey batch = 0;
    int wakes = 0;
    int written = 0;
    std::optional<double> cost_usd;
    ManifestCounts counts;
    std::vector<std::string> troubles;

private:
    void render(ShotRef shot) {
        journal_.append({stamp_at(2), event::CreateIntended{shot, 1, "r"}});
        journal_.append({stamp_at(3), event::CreateAccepted{shot, "p"}});
        journal_.append({stamp_at(4), event::PredictionSucceeded{shot, {{"https://x/a.mp4"}, 6.5, 1.12}}});
    }

    TempFolder folder_;
    Journal journal_{{.folder = folder_ / "state", .provider = "https://api.example/v1", .vfs = ""}};
    BatchRecord record_;

public:
    Paperwork paperwork{loop,
                        journal_,
                        {.written =
                             [this](const WrittenManifest& it) {
                                 ++written;
                                 cost_usd = it.cost_usd;
                                 counts = it.counts;
                             },
                         .trouble = [this](const std::string& line) { troubles.push_back(line); },
                         .wake =
                             [this] {
                                 ++wakes;
                             }}};
};

} // namespace

TEST_CASE("a line waits for company, and is written when it has waited long enough") {
    Desk desk;
    desk.append(1);
    CHECK_FALSE(desk.paperwork.step());
    CHECK(desk.lines() == 0);
    while (desk.wakes == 0) desk.loop.turn(1h);
    CHECK_FALSE(desk.paperwork.step());
    CHECK(desk.lines() == 1);
}

TEST_CASE("lines that are due are written in steps until none is left") {
    Desk desk;
    desk.append(kShots);
    while (desk.wakes == 0) desk.loop.turn(1h);
    CHECK(desk.paperwork.step());
    CHECK(desk.lines() > 0);
    CHECK(desk.lines() < kShots);
    while (desk.paperwork.step()) {
    }
    CHECK(desk.lines() == kShots);
}

TEST_CASE("before the program ends, all lines that wait are written") {
    Desk desk;
    desk.append(kShots);
    desk.paperwork.flush();
    CHECK(desk.lines() == kShots);
    desk.paperwork.flush();
    CHECK(desk.lines() == kShots);
}

TEST_CASE("a batch's manifest does not wait for its lines' company, and stands after all of them") {
    Desk desk;
    desk.append(kShots);
    desk.write_manifest();
    while (desk.content("manifest.json").empty()) {
        REQUIRE(desk.written == 0);
        if (!desk.paperwork.step()) break;
    }
    CHECK(desk.lines() == kShots);
    CHECK(desk.written == 1);
    CHECK(desk.counts.succeeded == kShots);
    REQUIRE(desk.cost_usd);
    CHECK(*desk.cost_usd == doctest::Approx(kShots * 1.12));
    CHECK(desk.content("manifest.json").ends_with("]\n}\n"));
}

TEST_CASE("a shot that was asked for once more has a further line where that says something else") {
    Desk desk;
    desk.append(2);
    desk.paperwork.flush();
    desk.paperwork.append_line({.batch = desk.batch, .index = 0}, true);
    desk.paperwork.flush();
    CHECK(desk.lines() == 2); // It says what it said.
    desk.render_again({.batch = desk.batch, .index = 0});
    desk.paperwork.append_line({.batch = desk.batch, .index = 0}, true);
    desk.paperwork.flush();
    CHECK(desk.lines() == 3);
}

TEST_CASE("what was to be written of a shot that is final no more is not written") {
    Desk desk;
    desk.append(2);
    desk.write_manifest();
    desk.paperwork.take_back({.batch = desk.batch, .index = 1});
    while (desk.paperwork.step()) {
    }
    desk.paperwork.flush();
    CHECK(desk.lines() == 1);
    CHECK(desk.content("manifest.json").empty());
    CHECK(desk.written == 0);
}

TEST_CASE("a folder that was moved away is made anew with all lines, and the log names it once") {
    Desk desk;
    desk.append(2);
    desk.paperwork.flush();
    CHECK(desk.troubles.empty());
    desk.move_folder_away();
    desk.paperwork.append_line({.batch = desk.batch, .index = 2}, false);
    desk.paperwork.flush();
    CHECK(desk.lines() == 3);
    desk.paperwork.append_line({.batch = desk.batch, .index = 3}, false);
    desk.paperwork.flush();
    CHECK(desk.lines() == 4);
    REQUIRE(desk.troubles.size() == 1);
    CHECK(desk.troubles[0].starts_with("the folder " + desk.output().string() + " "));
}

TEST_CASE("a folder that was moved away after its last line has both manifests nevertheless") {
    Desk desk;
    desk.append(kShots);
    desk.paperwork.flush();
    desk.move_folder_away();
    desk.write_manifest();
    while (desk.paperwork.step()) {
    }
    CHECK(desk.written == 1);
    CHECK(desk.lines() == kShots);
    CHECK(desk.content("manifest.json").ends_with("]\n}\n"));
}

TEST_CASE("a shot that is final no more is not written again into a folder that is made anew") {
    Desk desk;
    desk.append(3);
    desk.paperwork.flush();
    desk.paperwork.take_back({.batch = desk.batch, .index = 1});
    desk.move_folder_away();
    desk.paperwork.append_line({.batch = desk.batch, .index = 3}, false);
    desk.paperwork.flush();
    CHECK(desk.lines() == 3);
    CHECK(desk.content("manifest.jsonl").find("\"index\":1,") == std::string::npos);
}

} // namespace reeld::test
