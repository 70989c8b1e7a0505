#include "daemon/output/batch_folder.h"

#include "tests/daemon/output/file_text.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>
#include <set>

using namespace reeld;
using namespace reeld::test;

namespace {

/// Reserves a folder for "harbor" below `output`, while the journal knows the names in `taken`.
ReservedFolder reserve(const std::filesystem::path& output, const std::set<std::string>& taken = {},
                       const std::string& base = "harbor") {
    return reserve_batch_folder(output, base,
                                [&taken](const std::string& name) { return taken.contains(name); });
}

} // namespace

TEST_CASE("the first batch of a name gets the name, in an output folder that is made for it") {
    const TempFolder folder;
    const ReservedFolder reserved = reserve(folder / "deep/output");
    CHECK(reserved.error.empty());
    CHECK(reserved.name == "harbor");
    CHECK(reserved.path == folder / "deep/output/harbor");
    CHECK(std::filesystem::is_directory(reserved.path));
}

TEST_CASE("a name that was used gets a number, whether its folder or only the journal tells of it") {
    const TempFolder folder;
    for (const char* expected : {"harbor", "harbor.2", "harbor.3"}) {
        const ReservedFolder reserved = reserve(folder.path());
        CHECK(reserved.name == expected);
        put_text(reserved.path / "storyboard.yaml", "shots: []");
    }
    CHECK(reserve(folder.path(), {"harbor.4", "harbor.5"}).name == "harbor.6");
}

TEST_CASE("an empty folder that a crash left is used again, unless the journal knows its name") {
    const TempFolder folder;
    std::filesystem::create_directory(folder / "harbor");
    CHECK(reserve(folder.path()).name == "harbor");
    CHECK(reserve(folder.path(), {"harbor"}).name == "harbor.2");
    put_text(folder / "harbor/storyboard.yaml", "");
    CHECK(reserve(folder.path(), {"harbor.2"}).name == "harbor.3");
}

TEST_CASE("a file or a link under the name is not taken for a folder") {
    const TempFolder folder;
    std::filesystem::create_directory(folder / "elsewhere");
    std::filesystem::create_directory_symlink(folder / "elsewhere", folder / "harbor");
    put_text(folder / "harbor.2", "");
    CHECK(reserve(folder.path()).name == "harbor.3");
}

TEST_CASE("a name is cut to its limit before the number is added") {
    const TempFolder folder;
    const std::string limit(kBatchNameBytesMax, 'x');
    CHECK(reserve(folder.path(), {limit}, limit + "yz").name == limit + ".2");
}

TEST_CASE("a name that would leave the output folder is refused") {
    const TempFolder folder;
    for (const char* base : {"", ".", "..", ".hidden", "../up", "a/b", "/etc"}) {
        CAPTURE(base);
        const ReservedFolder reserved = reserve(folder.path(), {}, base);
        CHECK(reserved.error.ends_with("cannot be the name of a batch's folder"));
        CHECK(reserved.name.empty());
    }
    CHECK(entries_of(folder.path()) == 0);
}

TEST_CASE("an output folder that cannot be made is an error with its path") {
    const TempFolder folder;
    put_text(folder / "file", "");
    const ReservedFolder reserved = reserve(folder / "file/output");
    CHECK(reserved.error.find((folder / "file").string()) != std::string::npos);
    CHECK(reserved.name.empty());
}

TEST_CASE("numbers end somewhere, with advice") {
    const TempFolder folder;
    const ReservedFolder reserved =
        reserve_batch_folder(folder.path(), "harbor", [](const std::string&) { return true; });
    CHECK(reserved.error.find("10000 batches named harbor; move old ones away") != std::string::npos);
}
