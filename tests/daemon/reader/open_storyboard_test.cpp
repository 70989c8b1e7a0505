#include "daemon/reader/open_storyboard.h"
#include "daemon/reader/sha256.h"
#include "tests/support/contains.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>

namespace {

using namespace reeld;
using reeld::test::contains;
using reeld::test::TempFolder;

std::string why_refused(const std::filesystem::path& path, Links links = Links::follow) {
    const OpenedStoryboard opened = open_storyboard(path, links);
    CHECK_FALSE(opened.fd);
    return opened.fault ? opened.fault->message : std::string{};
}

} // namespace

TEST_CASE("a regular file is opened, and children do not inherit it") {
    const TempFolder folder;
    std::ofstream(folder / "a.yaml") << "x";
    const OpenedStoryboard opened = open_storyboard(folder / "a.yaml", Links::refuse);
    REQUIRE(opened.fd);
    CHECK_FALSE(opened.fault);
    CHECK((::fcntl(opened.fd.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a folder, a pipe and a missing file are faults that say so, at once") {
    const TempFolder folder;
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    CHECK(contains(why_refused(folder.path()), "folder"));
    CHECK(contains(why_refused(folder / "pipe"), "pipe"));
    CHECK(contains(why_refused(folder / "none"), "No such file"));
    CHECK(contains(why_refused("/dev/null"), "not a regular file"));
}

TEST_CASE("a symbolic link is followed only for those who may name any file") {
    const TempFolder folder;
    std::ofstream(folder / "a.yaml") << "x";
    std::filesystem::create_symlink(folder / "a.yaml", folder / "link.yaml");
    CHECK(open_storyboard(folder / "link.yaml", Links::follow).fd);
    CHECK(contains(why_refused(folder / "link.yaml", Links::refuse), "symbolic link"));
}

TEST_CASE("digests are those of SHA-256") {
    CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
