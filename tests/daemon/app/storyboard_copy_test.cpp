#include "daemon/app/storyboard_copy.h"

#include "daemon/output/files.h"
#include "tests/daemon/output/file_text.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

using namespace reeld;
using namespace reeld::test;

namespace {

/// A copy of these bytes, as the reading process leaves it.
StoryboardCopy copy_of(std::string_view bytes, const std::filesystem::path& output) {
    StoryboardCopy copy(output);
    REQUIRE(write_fully(copy.fd(), bytes, 0) == 0);
    return copy;
}

} // namespace

TEST_CASE("a copy appears whole, and nothing beside it") {
    const TempFolder folder;
    CHECK(copy_of("shots: []", folder.path()).appear_as(folder / "storyboard.yaml").empty());
    CHECK(text_of(folder / "storyboard.yaml") == "shots: []");
    CHECK(entries_of(folder.path()) == 1);
}

TEST_CASE("a copy that a run before a crash has left is as good as this one") {
    const TempFolder folder;
    put_text(folder / "storyboard.yaml", "shots: []");
    CHECK(copy_of("shots: []", folder.path()).appear_as(folder / "storyboard.yaml").empty());
    CHECK(text_of(folder / "storyboard.yaml") == "shots: []");
}

TEST_CASE("a file with other bytes is not taken for the copy, and left as it is") {
    const TempFolder folder;
    for (const char* other : {"", "shots", "shots: [], priority: 1", "other bytes"}) {
        CAPTURE(other);
        put_text(folder / "storyboard.yaml", other);
        const auto error = copy_of("shots: []", folder.path()).appear_as(folder / "storyboard.yaml");
        CHECK(error.find("storyboard.yaml: a file with other content is there") != std::string::npos);
        CHECK(text_of(folder / "storyboard.yaml") == other);
    }
}
