#include "daemon/output/stepped_file.h"

#include "tests/daemon/output/file_text.h"
#include "tests/daemon/output/small_files.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>
#include <optional>

using namespace reeld;
using namespace reeld::test;

TEST_CASE("a stepped file is not there until it is finished, then it is whole") {
    const TempFolder folder;
    SteppedFile file;
    REQUIRE_FALSE(file.open(folder / "manifest.json"));
    CHECK_FALSE(file.write("one "));
    CHECK_FALSE(file.write("two"));
    CHECK_FALSE(std::filesystem::exists(folder / "manifest.json"));
    CHECK_FALSE(file.finish());
    CHECK(text_of(folder / "manifest.json") == "one two");
    CHECK(entries_of(folder.path()) == 1);
}

TEST_CASE("a stepped file of many megabytes keeps every byte") {
    const TempFolder folder;
    const std::string chunk(700'001, 'x');
    SteppedFile file;
    REQUIRE_FALSE(file.open(folder / "a"));
    for (int i = 0; i < 5; ++i) CHECK_FALSE(file.write(chunk));
    CHECK_FALSE(file.finish());
    CHECK(std::filesystem::file_size(folder / "a") == 5 * chunk.size());
}

TEST_CASE("a stepped file that is given up leaves nothing, and the old file as it was") {
    const TempFolder folder;
    put_text(folder / "a", "old");
    {
        SteppedFile file;
        REQUIRE_FALSE(file.open(folder / "a"));
        CHECK_FALSE(file.write("new"));
        SteppedFile moved = std::move(file);
        CHECK_FALSE(moved.write("er"));
        CHECK(text_of(folder / "a") == "old");
    }
    CHECK(text_of(folder / "a") == "old");
    CHECK(entries_of(folder.path()) == 1);
}

TEST_CASE("what a crash left under the temporary name is replaced, not written through") {
    const TempFolder folder;
    put_text(folder / "precious", "mine");
    std::filesystem::create_symlink(folder / "precious", folder / ".a.part");
    SteppedFile file;
    REQUIRE_FALSE(file.open(folder / "a"));
    CHECK_FALSE(file.write("new"));
    CHECK_FALSE(file.finish());
    CHECK(text_of(folder / "precious") == "mine");
    CHECK(text_of(folder / "a") == "new");
}

TEST_CASE("a stepped file whose write failed can be begun again") {
    const TempFolder folder;
    SteppedFile file;
    REQUIRE_FALSE(file.open(folder / "a"));
    {
        const SmallFiles limit(4096);
        const auto error = file.write(std::string(10'000, 'x'));
        REQUIRE(error);
        CHECK(error->find((folder / "a").string() + ": File too large; raise the limit") !=
              std::string::npos);
    }
    REQUIRE_FALSE(file.open(folder / "a"));
    CHECK_FALSE(file.write("good"));
    CHECK_FALSE(file.finish());
    CHECK(text_of(folder / "a") == "good");
}

TEST_CASE("a stepped file says when its folder is missing") {
    const TempFolder folder;
    SteppedFile file;
    const auto error = file.open(folder / "no/a");
    REQUIRE(error);
    CHECK(error->find("No such file or directory") != std::string::npos);
}
