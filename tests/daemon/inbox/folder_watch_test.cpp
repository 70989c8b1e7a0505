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

/// What `kind` comes as, before the name.
std::string sign_of(FolderWatch::Kind kind) {
    switch (kind) {
    case FolderWatch::Kind::arrived: return "";
    case FolderWatch::Kind::modified: return "~";
    case FolderWatch::Kind::left: return "-";
    case FolderWatch::Kind::overflow: return "!overflow";
    case FolderWatch::Kind::moved: return "!moved";
    }
    return "?";
}

/// Everything that has come so far: names, and "~name", "-name", "!overflow" and "!moved".
std::vector<std::string> read_all(FolderWatch& watch) {
    std::vector<std::string> news;
    pollfd readable{.fd = watch.fd(), .events = POLLIN, .revents = 0};
    while (::poll(&readable, 1, 0) > 0) {
        watch.read([&news](FolderWatch::Kind kind, std::string_view name) {
            news.push_back(sign_of(kind).append(name));
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
    CHECK(read_all(watch).empty());
    put_text(folder / "b", "x");
    std::filesystem::rename(folder / "b", folder / "c");
    CHECK(read_all(watch) == News{"~b", "b", "-b", "c"});
    std::filesystem::create_directory(folder / "d");
    CHECK(read_all(watch).empty());
}

TEST_CASE("a file that is written to says so, until it is closed or another file may have its name") {
    const TempFolder folder;
    FolderWatch watch;
    REQUIRE(watch.open(folder.path()) == 0);
    Fd writer{::open((folder / "a").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    for (int i = 0; i < 100; ++i) CHECK(::write(writer.get(), "x", 1) == 1);
    CHECK(read_all(watch) == News{"~a"}); // The kernel tells once what is the same.
    CHECK(::write(writer.get(), "x", 1) == 1);
    writer.reset();
    CHECK(read_all(watch) == News{"~a", "a"});

    writer = Fd{::open((folder / "a").c_str(), O_WRONLY | O_CLOEXEC)};
    std::filesystem::remove(folder / "a");
    CHECK(::write(writer.get(), "x", 1) == 1);
    writer.reset();
    CHECK(read_all(watch) == News{"-a"});
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
    CHECK(read_all(watch) == News{"~b", "b"});
    put_text(folder / "b", "first half, second half");
    CHECK(read_all(watch) == News{"~b", "b"});
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
