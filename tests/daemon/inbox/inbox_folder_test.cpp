#include "daemon/inbox/inbox.h"

#include "tests/daemon/inbox/watched_folder.h"

#include <doctest/doctest.h>
#include <fstream>

using namespace reeld;
using namespace reeld::test;
using Names = std::vector<std::string>;

TEST_CASE("a folder that is removed and made again is told once each, and watched again") {
    WatchedFolder watched(kOften);
    watched.start();
    std::filesystem::remove(watched.folder());
    REQUIRE(watched.until_troubles(1));
    CHECK(watched.troubles.front().find("cannot open the watch folder " + watched.folder().string() +
                                        ": No such file or directory; it is looked for again by itself") ==
          0);
    watched.turn(200);
    CHECK(watched.troubles.size() == 1);
    CHECK_FALSE(std::filesystem::exists(watched.folder()));

    std::filesystem::create_directory(watched.folder());
    REQUIRE(watched.until_troubles(2));
    CHECK(watched.troubles.back() == "the watch folder " + watched.folder().string() + " is there again");
    put_text(watched.path("a.yaml"), "x");
    REQUIRE(watched.until_offers(1));
    CHECK(watched.troubles.size() == 2);
}

TEST_CASE("a folder that is renamed away and replaced is watched at its path, not at its new name") {
    WatchedFolder watched(kNever);
    watched.start();
    std::filesystem::rename(watched.folder(), watched.temp / "old");
    std::filesystem::create_directory(watched.folder());
    watched.turn(10);
    put_text(watched.temp / "old/wrong.yaml", "x");
    put_text(watched.path("right.yaml"), "x");
    REQUIRE(watched.until_offers(1));
    CHECK(watched.offers == Names{"right.yaml"});
    CHECK(watched.troubles.empty());
}

TEST_CASE("who writes into a folder that was renamed away keeps no file of its successor from being taken") {
    WatchedFolder watched(kOften);
    put_text(watched.temp / "source", "whole");
    watched.start();
    std::ofstream writer(watched.path("a.yaml"));
    writer << "half" << std::flush;
    watched.turn(3);
    std::filesystem::rename(watched.folder(), watched.temp / "old");
    std::filesystem::create_directory(watched.folder());
    std::filesystem::create_hard_link(watched.temp / "source", watched.path("a.yaml"));
    REQUIRE(watched.until_offers(1));
    CHECK(watched.texts == Names{"whole"});
}

TEST_CASE("a folder that is removed and made again at once is watched again, even as the same inode") {
    WatchedFolder watched(kNever);
    watched.start();
    for (int i = 0; i < 3; ++i) {
        std::filesystem::remove_all(watched.folder());
        std::filesystem::create_directory(watched.folder());
        watched.turn(10);
    }
    put_text(watched.path("a.yaml"), "x");
    CHECK(watched.until_offers(1));
}

TEST_CASE("a file that is offered when its folder goes can be answered, and is offered when it comes back") {
    WatchedFolder watched(kOften);
    watched.start();
    put_text(watched.path("a.yaml"), "x");
    REQUIRE(watched.until_offers(1));
    std::filesystem::rename(watched.folder(), watched.temp / "away");
    REQUIRE(watched.until_troubles(1));
    watched.inbox->put_back();
    std::filesystem::rename(watched.temp / "away", watched.folder());
    REQUIRE(watched.until_offers(2));
    CHECK(watched.offers == Names{"a.yaml", "a.yaml"});
}

TEST_CASE("a file under the folder's name is told like a missing folder") {
    WatchedFolder watched(kOften);
    watched.start();
    std::filesystem::remove(watched.folder());
    put_text(watched.folder(), "");
    REQUIRE(watched.until_troubles(1));
    CHECK(watched.troubles.front().find("Not a directory") != std::string::npos);
}
