#include "daemon/output/line_file.h"

#include "tests/daemon/output/file_text.h"
#include "tests/daemon/output/small_disk.h"
#include "tests/daemon/output/small_files.h"
#include "tests/support/library_faults.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

using namespace reeld;
using namespace reeld::test;

namespace {

std::string line(std::uint32_t index) {
    return R"({"batch":"b","index":)" + std::to_string(index) + "}";
}

/// Opens a file that holds `text`, and returns what is left of it.
std::string after_opening(const TempFolder& folder, std::string_view text) {
    put_text(folder / "m", text);
    LineFile file;
    CHECK_FALSE(file.open(folder / "m"));
    return text_of(folder / "m");
}

} // namespace

TEST_CASE("lines are in the file after a sync, and not before") {
    const TempFolder folder;
    LineFile file;
    CHECK_FALSE(file.is_open());
    REQUIRE_FALSE(file.open(folder / "m"));
    CHECK(file.is_open());
    file.add(3, line(3));
    file.add(1, line(1));
    CHECK(file.dirty());
    CHECK(file.has(3));
    CHECK(text_of(folder / "m").empty());
    CHECK_FALSE(file.sync());
    CHECK_FALSE(file.dirty());
    CHECK(file.has(1));
    CHECK_FALSE(file.has(0));
    CHECK(text_of(folder / "m") == line(3) + "\n" + line(1) + "\n");
}

TEST_CASE("a shot's further line is known as its last one, in the file and before") {
    const TempFolder folder;
    const std::string again = R"({"batch":"b","index":3,"status":"succeeded"})";
    LineFile file;
    REQUIRE_FALSE(file.open(folder / "m"));
    file.add(3, line(3));
    CHECK_FALSE(file.sync());
    CHECK(file.ends_with(3, line(3)));
    CHECK_FALSE(file.ends_with(3, again));
    file.add(3, again);
    CHECK(file.ends_with(3, again));
    CHECK_FALSE(file.sync());
    CHECK(file.ends_with(3, again));
    LineFile opened_again;
    REQUIRE_FALSE(opened_again.open(folder / "m"));
    CHECK(opened_again.ends_with(3, again));
    CHECK_FALSE(opened_again.ends_with(3, line(3)));
    CHECK_FALSE(opened_again.ends_with(4, line(4)));
}

TEST_CASE("a file that is opened again knows its shots and goes on at its end") {
    const TempFolder folder;
    LineFile first;
    REQUIRE_FALSE(first.open(folder / "m"));
    first.add(7, line(7));
    CHECK_FALSE(first.sync());

    LineFile second;
    REQUIRE_FALSE(second.open(folder / "m"));
    CHECK(second.has(7));
    CHECK_FALSE(second.has(8));
    second.add(8, line(8));
    CHECK_FALSE(second.sync());
    CHECK(text_of(folder / "m") == line(7) + "\n" + line(8) + "\n");
}

TEST_CASE("a torn last line is cut off, wherever it was torn") {
    const TempFolder folder;
    const std::string whole = line(0) + "\n";
    for (std::size_t kept = 0; kept < whole.size(); ++kept) {
        CAPTURE(kept);
        CHECK(after_opening(folder, whole + whole.substr(0, kept)) == whole);
    }
    CHECK(after_opening(folder, whole + std::string(100, '\0')) == whole);
    CHECK(after_opening(folder, whole + std::string(100, '\0') + "\"index\":4}\n") == whole);
    CHECK(after_opening(folder, "{\"ind") == "");
    CHECK(after_opening(folder, whole + whole) == whole + whole);
}

TEST_CASE("the shot of a torn line is missing until it is added again") {
    const TempFolder folder;
    put_text(folder / "m", line(0) + "\n" + line(1));
    LineFile file;
    REQUIRE_FALSE(file.open(folder / "m"));
    CHECK(file.has(0));
    CHECK_FALSE(file.has(1));
    file.add(1, line(1));
    CHECK_FALSE(file.sync());
    CHECK(text_of(folder / "m") == line(0) + "\n" + line(1) + "\n");
}

TEST_CASE("lines that are not ours are kept and ignored") {
    const TempFolder folder;
    const std::string text = "notes\n\n" + line(4) + "\n{\"comment\":\"index\"}\n";
    put_text(folder / "m", text);
    LineFile file;
    REQUIRE_FALSE(file.open(folder / "m"));
    CHECK(file.has(4));
    CHECK(text_of(folder / "m") == text);
}

TEST_CASE("lines longer than what is read at once are learned whole") {
    const TempFolder folder;
    const std::string large = R"({"index":5,"input":")" + std::string(600'000, 'x') + "\"}\n";
    put_text(folder / "m", large + line(6) + "\n");
    LineFile file;
    REQUIRE_FALSE(file.open(folder / "m"));
    CHECK(file.has(5));
    CHECK(file.has(6));
}

TEST_CASE("a sync that fails half-way leaves whole lines only, and the next one writes all of it") {
    const TempFolder folder;
    LineFile file;
    REQUIRE_FALSE(file.open(folder / "m"));
    file.add(0, line(0));
    CHECK_FALSE(file.sync());
    const std::string before = text_of(folder / "m");
    file.add(1, line(1));
    file.add(2, line(2));
    {
        const SmallFiles limit(before.size() + 40); // Line 1 fits, line 2 does not.
        const auto error = file.sync();
        REQUIRE(error);
        CHECK(error->find((folder / "m").string() + ": File too large") != std::string::npos);
    }
    CHECK(text_of(folder / "m") == before);
    CHECK(file.dirty());
    CHECK(file.has(2));
    CHECK_FALSE(file.sync());
    CHECK(text_of(folder / "m") == before + line(1) + "\n" + line(2) + "\n");
}

TEST_CASE("after a sync that failed the lines are written again, and not only synced again") {
    const TempFolder folder;
    LineFile file;
    REQUIRE_FALSE(file.open(folder / "m"));
    file.add(0, line(0));
    CHECK_FALSE(file.sync());
    file.add(1, line(1));
    fail_syncs(1);
    const auto error = file.sync();
    REQUIRE(error);
    CHECK(error->find("check the disk") != std::string::npos);
    CHECK(text_of(folder / "m") == line(0) + "\n"); // Nothing that a reader could take for durable.
    CHECK(file.dirty());
    CHECK_FALSE(file.sync());
    CHECK(text_of(folder / "m") == line(0) + "\n" + line(1) + "\n");
}

TEST_CASE("lines that stand in a file count only when they could be synced") {
    const TempFolder folder;
    put_text(folder / "m", line(0) + "\n");
    LineFile file;
    fail_syncs(1);
    CHECK(file.open(folder / "m"));
    CHECK_FALSE(file.is_open());
    CHECK_FALSE(file.open(folder / "m"));
    CHECK(file.has(0));
}

TEST_CASE("a full disk loses no line: when there is space again, all of them are written") {
    const TempFolder folder;
    const OnSmallDisk end = on_small_disk(folder.path(), 32'768, [&folder] {
        LineFile file;
        if (file.open(folder / "m")) return false;
        file.add(0, line(0));
        if (file.sync()) return false;
        put_text(folder / "ballast", std::string(24'576, 'x'));
        std::string lines = line(0) + "\n";
        for (std::uint32_t index = 1; index < 400; ++index) {
            file.add(index, line(index));
            lines += line(index) + "\n";
        }
        const auto error = file.sync();
        if (!error || error->find("No space left") == std::string::npos) return false;
        if (text_of(folder / "m") != line(0) + "\n") return false;
        std::filesystem::remove(folder / "ballast");
        return !file.sync() && text_of(folder / "m") == lines;
    });
    if (end == OnSmallDisk::unavailable) MESSAGE("not tested: nothing can be mounted here");
    CHECK(end != OnSmallDisk::broken);
}

TEST_CASE("a file that was removed or replaced is opened anew, and what is added goes into the new one") {
    const TempFolder folder;
    LineFile file;
    REQUIRE_FALSE(file.open(folder / "m"));
    file.add(0, line(0));
    CHECK_FALSE(file.sync());
    std::filesystem::remove(folder / "m");
    file.add(1, line(1));
    CHECK_FALSE(file.sync());
    CHECK(text_of(folder / "m") == line(1) + "\n");
    CHECK_FALSE(file.has(0));

    put_text(folder / "m", "{\"note\":1}\n" + line(1) + "\n");
    file.add(2, line(2));
    CHECK_FALSE(file.sync());
    CHECK(text_of(folder / "m") == "{\"note\":1}\n" + line(1) + "\n" + line(2) + "\n");
}

TEST_CASE("a file whose folder is gone says so, keeps its lines, and goes on when the folder is back") {
    const TempFolder folder;
    std::filesystem::create_directory(folder / "b");
    LineFile file;
    REQUIRE_FALSE(file.open(folder / "b/m"));
    std::filesystem::remove_all(folder / "b");
    file.add(0, line(0));
    CHECK(file.sync());
    CHECK(file.sync());
    CHECK(file.dirty());
    std::filesystem::create_directory(folder / "b");
    CHECK_FALSE(file.sync());
    CHECK(text_of(folder / "b/m") == line(0) + "\n");
}

TEST_CASE("a file that cannot be opened is not open, and says why") {
    const TempFolder folder;
    LineFile file;
    const auto error = file.open(folder.path());
    REQUIRE(error);
    CHECK(error->starts_with("cannot open " + folder.path().string() + ": Is a directory"));
    CHECK_FALSE(file.is_open());
}

TEST_CASE("a folder is lost when it was moved away, not when what it stood in is gone or another disk") {
    const TempFolder folder;
    const auto output = folder / "output";
    std::filesystem::create_directories(output / "b");
    LineFile file;
    REQUIRE_FALSE(file.open(output / "b/m"));
    CHECK_FALSE(file.lost_folder());
    std::filesystem::rename(output / "b", output / "moved");
    CHECK(file.lost_folder());
    std::filesystem::rename(output, folder / "gone");
    CHECK_FALSE(file.lost_folder());
    std::filesystem::create_directory_symlink("/proc/self", output);
    CHECK_FALSE(file.lost_folder());
}
