#include "daemon/output/files.h"

#include "tests/daemon/output/file_text.h"
#include "tests/daemon/output/small_disk.h"
#include "tests/support/temp_folder.h"

#include <cerrno>
#include <doctest/doctest.h>
#include <sys/stat.h>

using namespace reeld;
using namespace reeld::test;

TEST_CASE("a file that is written atomically appears with its content and nothing beside it") {
    const TempFolder folder;
    CHECK_FALSE(write_file_atomically(folder / "a", "one"));
    CHECK(text_of(folder / "a") == "one");
    CHECK_FALSE(write_file_atomically(folder / "a", ""));
    CHECK(std::filesystem::exists(folder / "a"));
    CHECK(text_of(folder / "a").empty());
    CHECK(entries_of(folder.path()) == 1);
}

TEST_CASE("a new file gets the mode that the umask says") {
    const TempFolder folder;
    const mode_t old = ::umask(027);
    CHECK_FALSE(write_file_atomically(folder / "a", "one"));
    ::umask(old);
    CHECK(std::filesystem::status(folder / "a").permissions() == std::filesystem::perms{0640});
}

TEST_CASE("a file that cannot be written is told with its path, the cause and what to do") {
    const TempFolder folder;
    put_text(folder / "file", "");
    const auto error = write_file_atomically(folder / "file/below", "text");
    REQUIRE(error);
    CHECK(error->find((folder / "file").string()) != std::string::npos);
    CHECK(error->find("Not a directory; something above it") != std::string::npos);
    CHECK(cannot("write", "/path/x", ENOSPC) ==
          "cannot write /path/x: No space left on device; free some space, it is tried again by itself");
}

TEST_CASE("a full disk leaves the old file whole") {
    const TempFolder folder;
    const auto path = folder / "a";
    const OnSmallDisk end = on_small_disk(folder.path(), 16'384, [&path] {
        if (write_file_atomically(path, "old")) return false;
        const auto error = write_file_atomically(path, std::string(65'536, 'x'));
        return error && error->find("No space left") != std::string::npos && text_of(path) == "old" &&
               entries_of(path.parent_path()) == 1;
    });
    if (end == OnSmallDisk::unavailable) MESSAGE("not tested: nothing can be mounted here");
    CHECK(end != OnSmallDisk::broken);
}

TEST_CASE("a rename replaces the file at its new name, and says when it cannot") {
    const TempFolder folder;
    std::filesystem::create_directory(folder / "b");
    put_text(folder / "x", "new");
    put_text(folder / "b/x", "old");
    CHECK_FALSE(rename_durably(folder / "x", folder / "b/x"));
    CHECK(text_of(folder / "b/x") == "new");
    CHECK_FALSE(std::filesystem::exists(folder / "x"));

    const auto error = rename_durably(folder / "x", folder / "y");
    REQUIRE(error);
    CHECK(error->starts_with("cannot rename " + (folder / "x").string() + " to " + (folder / "y").string()));
}

TEST_CASE("a folder is made with the ones above it, and one that is there is left alone") {
    const TempFolder folder;
    CHECK_FALSE(make_folders(folder / "a/b/c"));
    CHECK(std::filesystem::is_directory(folder / "a/b/c"));
    CHECK_FALSE(make_folders(folder / "a/b"));
    CHECK_FALSE(make_folders("/"));

    put_text(folder / "file", "");
    CHECK(make_folders(folder / "file"));
    CHECK(make_folders(folder / "file/below"));
    CHECK(sync_folder(folder / "file"));
    CHECK_FALSE(sync_folder(folder / "a"));
}
