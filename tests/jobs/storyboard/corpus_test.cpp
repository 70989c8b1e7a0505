// Every file under tests/data/storyboards has an .expected beside it: what is said about it, and the shots
// it makes.
#include "jobs/storyboard/storyboard_reader.h"
#include "tests/support/places.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace {

using namespace reeld;

std::string file_content(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::filesystem::path> files_in(const std::string& folder) {
    std::vector<std::filesystem::path> files;
    const auto root = std::filesystem::path(test::source_folder()) / "tests/data/storyboards" / folder;
    for (const auto& entry : std::filesystem::directory_iterator(root)) {
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string describe_shot(const StoryboardShot& shot) {
    std::string line = fmt::format("{} {} priority {} seconds {} {}", shot.id, shot.model, shot.priority,
                                   shot.clip_seconds, shot.input);
    if (!shot.note.empty()) line += " note " + shot.note;
    for (const std::string& tag : shot.tags) line += " tag " + tag;
    return line + "\n";
}

std::string describe_read(const std::string& file_name, const StoryboardRead& read) {
    std::string out;
    for (const Fault& fault : read.faults) out += render_fault(file_name, fault) + "\n";
    for (const StoryboardShot& shot : read.storyboard.shots) out += describe_shot(shot);
    return out;
}

StoryboardRead read_file(const std::filesystem::path& path) {
    return read_storyboard(file_content(path), path.stem().string(), Catalog{});
}

std::string expected_of(std::filesystem::path path) {
    return file_content(path.replace_extension(".expected"));
}

} // namespace

TEST_CASE("every good storyboard makes exactly the shots that stand beside it") {
    const auto files = files_in("good");
    CHECK(files.size() >= 90);
    for (const auto& path : files) {
        CAPTURE(path.filename().string());
        const StoryboardRead read = read_file(path);
        CHECK(read.good());
        CHECK(describe_read(path.filename().string(), read) == expected_of(path));
    }
}

TEST_CASE("every bad storyboard makes no shot and is told everything that is wrong with it") {
    const auto files = files_in("bad");
    CHECK(files.size() >= 190);
    for (const auto& path : files) {
        CAPTURE(path.filename().string());
        const StoryboardRead read = read_file(path);
        CHECK_FALSE(read.good());
        CHECK(any_error(read.faults));
        CHECK(describe_read(path.filename().string(), read) == expected_of(path));
    }
}
