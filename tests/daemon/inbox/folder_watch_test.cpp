#include "daemon/inbox/folder_watch.h"

#include "tests/daemon/inbox/event_flood.h"
#include "tests/daemon/output/file_text.h"
#include "tests/support/temp_folder.h"

#include <cerrno>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <unistd.h>
#include <vector>

using namespace reeld;
using namespace reeld::test;

namespace {

/// Everything that has come so far: names, and "!overflow" and "!moved".
std::vector<std::string> read_all(FolderWatch& watch) {
    std::vector<std::string> news;
    pollfd readable{.fd = watch.fd(), .events = POLLIN, .revents = 0};
    while (::poll(&readable, 1, 0) > 0) {
        watch.read([&news](FolderWatch::Kind kind, std::string_view name) {
            if (kind == FolderWatch::Kind::arrived) news.emplace_back(name);
            if (kind == FolderWatch::Kind::overflow) news.emplace_back("!overflow");
            if (kind == FolderWatch::Kind::moved) news.emplace_back("!moved");
        });
    }
    return news;
}

using News = std::vector<std::string>;

} // namespace

TEST_CASE("a file arrives when it is closed after writing or renamed into the folder") {
    const TempFolder folder;
    const TempFolder elsewhere;
    FolderWatch watch;
    REQUIRE(watch.open(folder.path()) == 0);
    const Fd writer{::open((folder / "a").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    CHECK(::write(writer.get(), "x", 1) == 1);
    CHECK(read_all(watch).empty());
    put_text(folder / "b", "x");
    std::filesystem::rename(folder / "b", folder / "c");
    CHECK(read_all(watch) == News{"b", "c"});
    std::filesystem::create_directory(folder / "d");
    std::filesystem::remove(folder / "c");
    CHECK(read_all(watch).empty());
}

TEST_CASE("what inotify does not tell: a hard link is no arrival, and half a file is one") {
    const TempFolder folder;
    const TempFolder elsewhere;
    put_text(elsewhere / "a", "x");
    FolderWatch watch;
    REQUIRE(watch.open(folder.path()) == 0);
    std::filesystem::create_hard_link(elsewhere / "a", folder / "a");
    CHECK(read_all(watch).empty());

    put_text(folder / "b", "first half");
    CHECK(read_all(watch) == News{"b"});
    put_text(folder / "b", "first half, second half");
    CHECK(read_all(watch) == News{"b"});
}

TEST_CASE("a queue that was too short says so") {
    const TempFolder folder;
    FolderWatch watch;
    REQUIRE(watch.open(folder.path()) == 0);
    REQUIRE(flood(folder.path()));
    const News news = read_all(watch);
    CHECK(std::count(news.begin(), news.end(), "!overflow") == 1);
}

TEST_CASE("a folder that is removed or renamed says so") {
    const TempFolder folder;
    std::filesystem::create_directory(folder / "a");
    FolderWatch watch;
    REQUIRE(watch.open(folder / "a") == 0);
    std::filesystem::rename(folder / "a", folder / "b");
    CHECK(read_all(watch) == News{"!moved"});
    CHECK(watch.open(folder / "a") == ENOENT);
    CHECK_FALSE(watch.is_open());
    REQUIRE(watch.open(folder / "b") == 0);
    std::filesystem::remove(folder / "b");
    CHECK_FALSE(read_all(watch).empty());
}

TEST_CASE("only a folder can be watched") {
    const TempFolder folder;
    put_text(folder / "file", "");
    FolderWatch watch;
    CHECK(watch.open(folder / "file") == ENOTDIR);
}
