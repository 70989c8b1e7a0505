#include "daemon/inbox/inbox.h"

#include "daemon/output/fd.h"
#include "tests/daemon/inbox/event_flood.h"
#include "tests/daemon/inbox/watched_folder.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace reeld;
using namespace reeld::test;
using namespace std::chrono_literals;
using Names = std::vector<std::string>;

TEST_CASE("a missing watch folder is made, and one that cannot be made is an error at start") {
    WatchedFolder watched(kNever);
    watched.start();
    CHECK(std::filesystem::is_directory(watched.folder()));
    CHECK(watched.troubles.empty());
    put_text(watched.temp / "file", "");
    const Inbox::Options options{.folder = watched.temp / "file/below"};
    CHECK_THROWS_AS(Inbox(watched.loop, options, {}), std::system_error);
}

TEST_CASE("a file that is locked, as by another reeld, is left alone until it is not, and told of once") {
    WatchedFolder watched(kOften);
    watched.start();
    put_text(watched.path("a.yaml"), "shots: []");
    const Fd other{::open(watched.path("a.yaml").c_str(), O_RDONLY | O_CLOEXEC)};
    REQUIRE(::flock(other.get(), LOCK_EX | LOCK_NB) == 0);
    for (int i = 0; watched.troubles.empty() && i < 1'000; ++i) watched.loop.turn(kOften);
    REQUIRE(watched.troubles.size() == 1);
    CHECK(watched.troubles.front().find("is locked by another program") != std::string::npos);
    CHECK(watched.offers.empty());
    REQUIRE(::flock(other.get(), LOCK_UN) == 0);
    REQUIRE(watched.until_offers(1));
    CHECK(::flock(other.get(), LOCK_EX | LOCK_NB) != 0);
    CHECK(watched.troubles.size() == 1);
}

TEST_CASE("two inboxes on one folder offer each file once") {
    constexpr int kFiles = 40;
    WatchedFolder watched(kOften);
    watched.start();
    std::multiset<std::string> taken;
    std::optional<Inbox> second;
    const auto take_by = [&](auto& inbox) {
        return [&](const Inbox::Offer& offer) {
            taken.insert(offer.file_name);
            inbox->taken();
        };
    };
    watched.inbox.reset();
    const Inbox::Options options{.folder = watched.folder(), .scan_interval = kOften, .quiet_time = 1ms};
    watched.inbox.emplace(watched.loop, options, Inbox::Reports{take_by(watched.inbox), [](auto&) {
                                                                }});
    second.emplace(watched.loop, options, Inbox::Reports{take_by(second), [](auto&) {
                                                         }});
    for (int i = 0; i < kFiles; ++i) put_text(watched.path(fmt::format("{}.yaml", i)), "x");
    while (taken.size() < kFiles) watched.loop.turn(1s);
    for (int i = 0; i < 3; ++i) watched.loop.turn(kOften);
    CHECK(taken.size() == kFiles);
    CHECK(std::set(taken.begin(), taken.end()).size() == kFiles);
}

TEST_CASE("a file that was closed after writing is offered without a scan, open and with its identity") {
    WatchedFolder watched(kNever);
    watched.start();
    put_text(watched.path("a.yaml"), "shots: []");
    REQUIRE(watched.until_offers(1));
    CHECK(watched.offers == Names{"a.yaml"});
    CHECK(watched.texts == Names{"shots: []"});
    struct stat status {};
    REQUIRE(::stat(watched.path("a.yaml").c_str(), &status) == 0);
    CHECK(watched.last_identity.path == watched.path("a.yaml").string());
    CHECK(watched.last_identity.device == status.st_dev);
    CHECK(watched.last_identity.inode == status.st_ino);
    CHECK(watched.last_identity.size_bytes == 9);
    CHECK(watched.last_identity.modified_ns ==
          status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec);
}

TEST_CASE("a file that was renamed into place is offered without a scan") {
    WatchedFolder watched(kNever);
    watched.start();
    put_text(watched.path(".a.yaml.part"), "x");
    std::filesystem::rename(watched.path(".a.yaml.part"), watched.path("a.yaml"));
    REQUIRE(watched.until_offers(1));
    CHECK(watched.offers == Names{"a.yaml"});
}

TEST_CASE("files that were there before the start are offered after two scans") {
    WatchedFolder watched(kOften);
    std::filesystem::create_directory(watched.folder());
    put_text(watched.path("b.yml"), "b");
    put_text(watched.path("a.yaml"), "a");
    watched.on_offer = [&](const Inbox::Offer&) {
        watched.inbox->taken();
    };
    watched.start();
    REQUIRE(watched.until_offers(2));
    CHECK(watched.offers == Names{"a.yaml", "b.yml"});
}

TEST_CASE("a hard link, of which no event tells, is found by scans") {
    WatchedFolder watched(kOften);
    put_text(watched.temp / "source", "x");
    watched.start();
    std::filesystem::create_hard_link(watched.temp / "source", watched.path("a.yaml"));
    REQUIRE(watched.until_offers(1));
    CHECK(watched.texts == Names{"x"});
}

TEST_CASE("a file that is still being written is not offered by its events") {
    WatchedFolder watched(kNever);
    watched.start();
    Fd writer{::open(watched.path("a.yaml").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    REQUIRE(::write(writer.get(), "half", 4) == 4);
    put_text(watched.path("b.yaml"), "x");
    REQUIRE(watched.until_offers(1));
    CHECK(watched.offers == Names{"b.yaml"});
    watched.inbox->taken();
    writer.reset();
    REQUIRE(watched.until_offers(2));
    CHECK(watched.offers.back() == "a.yaml");
}

TEST_CASE("a file whose writer pauses is not taken by scans before it is closed") {
    WatchedFolder watched(kOften);
    put_text(watched.temp / "source", "x");
    watched.start();
    Fd writer{::open(watched.path("a.yaml").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    REQUIRE(::write(writer.get(), "half", 4) == 4);
    // Each is ready after two scans, which have seen the other file as well.
    for (const std::size_t offers : {1U, 2U, 3U}) {
        std::filesystem::create_hard_link(watched.temp / "source", watched.path("z.yaml"));
        REQUIRE(watched.until_offers(offers));
        watched.inbox->taken();
    }
    CHECK(watched.offers == Names{"z.yaml", "z.yaml", "z.yaml"});
    REQUIRE(::write(writer.get(), " and half", 9) == 9);
    writer.reset();
    REQUIRE(watched.until_offers(4));
    CHECK(watched.offers.back() == "a.yaml");
    CHECK(watched.texts.back() == "half and half");
}

TEST_CASE("a file that takes the name of one that is still written is found by scans") {
    WatchedFolder watched(kOften);
    put_text(watched.temp / "source", "whole");
    watched.start();
    for (const char* name : {"a.yaml", "b.yaml"}) {
        const Fd writer{::open(watched.path(name).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
        REQUIRE(::write(writer.get(), "half", 4) == 4);
        watched.turn(3);
        if (name[0] == 'a') {
            std::filesystem::remove(watched.path(name));
        } else {
            std::filesystem::rename(watched.path(name), watched.temp / "elsewhere");
        }
        std::filesystem::create_hard_link(watched.temp / "source", watched.path(name));
        REQUIRE(::write(writer.get(), "half", 4) == 4);
        const std::size_t before = watched.offers.size();
        REQUIRE(watched.until_offers(before + 1));
        CHECK(watched.texts.back() == "whole");
        watched.inbox->taken();
    }
}

TEST_CASE("a writer that closes and opens again within the quiet time is read whole") {
    WatchedFolder watched(kNever, 50ms);
    watched.start();
    put_text(watched.path("a.yaml"), "first half");
    watched.turn(5);
    put_text(watched.path("a.yaml"), "first half, second half");
    REQUIRE(watched.until_offers(1));
    CHECK(watched.texts == Names{"first half, second half"});
    watched.inbox->taken();
    put_text(watched.path("b.yaml"), "");
    REQUIRE(watched.until_offers(2));
    CHECK(watched.offers == Names{"a.yaml", "b.yaml"});
}

TEST_CASE("what is no storyboard is left alone, whatever its name") {
    WatchedFolder watched(kOften);
    watched.start();
    for (const char* name : {".a.yaml", "a.yaml~", "a.yaml.tmp", "a.yaml.part", "a.yaml.swp", "a.txt"}) {
        put_text(watched.path(name), "x");
    }
    std::filesystem::create_directory(watched.path("folder.yaml"));
    std::filesystem::create_symlink(watched.path("a.txt"), watched.path("link.yaml"));
    REQUIRE(::mkfifo(watched.path("fifo.yaml").c_str(), 0600) == 0);
    const auto before = entries_of(watched.folder());
    // Each is ready after two scans, which have seen all of the above as well.
    for (const std::size_t offers : {1U, 2U, 3U}) {
        std::filesystem::create_hard_link(watched.path("a.txt"), watched.path("z.yaml"));
        REQUIRE(watched.until_offers(offers));
        watched.inbox->taken();
    }
    CHECK(watched.offers == Names{"z.yaml", "z.yaml", "z.yaml"});
    CHECK(watched.troubles.empty());
    CHECK(entries_of(watched.folder()) == before);
}

TEST_CASE("files that wait are offered one at a time, the first by name first") {
    WatchedFolder watched(kNever);
    watched.start();
    for (const char* name : {"m.yaml", "z.yaml", "a.yaml"}) put_text(watched.path(name), name);
    REQUIRE(watched.until_offers(1));
    watched.turn(20);
    CHECK(watched.offers.size() == 1);
    watched.inbox->put_back();
    REQUIRE(watched.until_offers(2));
    watched.inbox->taken();
    REQUIRE(watched.until_offers(3));
    std::sort(watched.offers.begin(), watched.offers.end());
    CHECK(watched.offers == Names{"a.yaml", "m.yaml", "z.yaml"});
}

TEST_CASE("a burst of files is offered file by file, each exactly once") {
    constexpr std::size_t kFiles = 500;
    WatchedFolder watched(kOften);
    watched.on_offer = [&](const Inbox::Offer&) {
        watched.inbox->taken();
    };
    watched.start();
    for (std::size_t i = 0; i < kFiles; ++i) put_text(watched.path(fmt::format("{:05}.yaml", i)), "x");
    REQUIRE(watched.until_offers(kFiles));
    watched.turn(20);
    CHECK(watched.offers.size() == kFiles);
    CHECK(std::set<std::string>(watched.offers.begin(), watched.offers.end()).size() == kFiles);
    CHECK(entries_of(watched.folder()) == 0);
}

TEST_CASE("files whose events were dropped are found by the scans that an overflow asks for") {
    WatchedFolder watched(kNever);
    watched.start();
    REQUIRE(flood(watched.folder()));
    put_text(watched.path("lost.yaml"), "x");
    watched.turn(100);
    CHECK(watched.offers.empty()); // Seen by one scan only.
    REQUIRE(flood(watched.folder()));
    REQUIRE(watched.until_offers(1));
    CHECK(watched.offers == Names{"lost.yaml"});
}

TEST_CASE("a file whose close may be among the events that were dropped is found by scans") {
    WatchedFolder watched(kNever);
    watched.start();
    const Fd writer{::open(watched.path("a.yaml").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    REQUIRE(::write(writer.get(), "x", 1) == 1);
    watched.turn(3);
    for (int i = 0; i < 2; ++i) {
        CHECK(watched.offers.empty());
        REQUIRE(flood(watched.folder()));
        watched.turn(100);
    }
    REQUIRE(watched.until_offers(1));
    CHECK(watched.offers == Names{"a.yaml"});
}
