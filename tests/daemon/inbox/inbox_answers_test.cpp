#include "daemon/inbox/inbox.h"

#include "daemon/output/fd.h"
#include "tests/daemon/inbox/watched_folder.h"
#include "tests/daemon/output/small_files.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace reeld;
using namespace reeld::test;
using namespace std::chrono_literals;
using Names = std::vector<std::string>;

namespace {

/// A user without a superuser's right to read everything, while it lives.
class PlainUser {
public:
    PlainUser() { was_root_ = ::geteuid() == 0 && ::seteuid(kNobody) == 0; }
    ~PlainUser() {
        if (was_root_) static_cast<void>(::seteuid(0) == 0);
    }
    PlainUser(const PlainUser&) = delete;
    PlainUser& operator=(const PlainUser&) = delete;

    static constexpr uid_t kNobody = 65534;

private:
    bool was_root_ = false;
};

} // namespace

TEST_CASE("a taken file is gone from the folder and is not offered again") {
    WatchedFolder watched(kOften);
    watched.start();
    put_text(watched.path("a.yaml"), "x");
    REQUIRE(watched.until_offers(1));
    watched.inbox->taken();
    CHECK(entries_of(watched.folder()) == 0);
    put_text(watched.path("b.yaml"), "x");
    REQUIRE(watched.until_offers(2));
    CHECK(watched.offers == Names{"a.yaml", "b.yaml"});
}

TEST_CASE("a file that is dropped again after it was taken is offered again") {
    WatchedFolder watched(kNever);
    watched.start();
    for (const char* text : {"one", "two"}) {
        put_text(watched.path("a.yaml"), text);
        REQUIRE(watched.until([&] { return !watched.texts.empty() && watched.texts.back() == text; }));
        watched.inbox->taken();
    }
    CHECK(entries_of(watched.folder()) == 0);
}

TEST_CASE("no offer comes from inside an answer, not even when files are waiting") {
    WatchedFolder watched(kNever, 0ms);
    watched.start();
    put_text(watched.path("a.yaml"), "x");
    put_text(watched.path("b.yaml"), "x");
    REQUIRE(watched.until_offers(1));
    watched.turn(20);
    watched.inbox->taken();
    CHECK(watched.offers.size() == 1);
    CHECK(watched.until_offers(2));
}

TEST_CASE("a file that is written again while it is offered is offered again, not removed") {
    WatchedFolder watched(kNever);
    watched.start();
    put_text(watched.path("a.yaml"), "one");
    REQUIRE(watched.until_offers(1));
    put_text(watched.path("a.yaml"), "one and two");
    watched.turn(5);
    watched.inbox->taken();
    REQUIRE(watched.until_offers(2));
    CHECK(watched.texts == Names{"one", "one and two"});

    put_text(watched.path("a.yaml"), "one, two and three");
    watched.inbox->rejected("bad"); // The event has not even been read.
    REQUIRE(watched.until_offers(3));
    CHECK(watched.texts.back() == "one, two and three");
    CHECK(entries_of(watched.folder()) == 1);
}

TEST_CASE("a file that changed or became a link while it waited for its turn is not offered as it was") {
    WatchedFolder watched(kNever, 0ms);
    watched.start();
    put_text(watched.path("a.yaml"), "x");
    REQUIRE(watched.until_offers(1));
    put_text(watched.path("b.yaml"), "one");
    put_text(watched.path("c.yaml"), "two");
    put_text(watched.path("d.yaml"), "three");
    watched.turn(20); // They are ready, and wait for "a.yaml" to be answered.
    const Fd writer{::open(watched.path("b.yaml").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)};
    REQUIRE(::write(writer.get(), " and", 4) == 4);
    std::filesystem::remove(watched.path("c.yaml"));
    std::filesystem::create_symlink(watched.path("d.yaml"), watched.path("c.yaml"));
    watched.inbox->taken();
    REQUIRE(watched.until_offers(2));
    CHECK(watched.offers == Names{"a.yaml", "d.yaml"});
    CHECK(watched.troubles.empty());
}

TEST_CASE("a rejected file is moved with its report and never offered again, but one of its name is") {
    WatchedFolder watched(kOften);
    watched.start();
    put_text(watched.path("a.yaml"), "one");
    REQUIRE(watched.until_offers(1));
    watched.inbox->rejected("a.yaml: error: bad\n");
    CHECK(text_of(watched.path("rejected/a.yaml")) == "one");
    CHECK(text_of(watched.path("rejected/a.yaml.errors.txt")) == "a.yaml: error: bad\n");
    CHECK_FALSE(std::filesystem::exists(watched.path("a.yaml")));

    put_text(watched.path("a.yaml"), "two");
    REQUIRE(watched.until_offers(2));
    watched.inbox->rejected("worse\n");
    CHECK(text_of(watched.path("rejected/a.2.yaml")) == "two");
    CHECK(watched.texts == Names{"one", "two"});
    CHECK(watched.troubles.empty());
}

TEST_CASE("a file that is put back is offered again after a scan") {
    WatchedFolder watched(kOften);
    watched.start();
    put_text(watched.path("a.yaml"), "x");
    REQUIRE(watched.until_offers(1));
    watched.inbox->put_back();
    REQUIRE(watched.until_offers(2));
    CHECK(watched.offers == Names{"a.yaml", "a.yaml"});
    CHECK(text_of(watched.path("a.yaml")) == "x");
}

TEST_CASE("a file that vanishes while it is offered can still be answered") {
    WatchedFolder watched(kOften);
    watched.start();
    for (const int answer : {0, 1, 2}) {
        put_text(watched.path("a.yaml"), "x");
        REQUIRE(watched.until_offers(static_cast<std::size_t>(answer) + 1));
        std::filesystem::remove(watched.path("a.yaml"));
        if (answer == 0) watched.inbox->taken();
        if (answer == 1) watched.inbox->rejected("bad");
        if (answer == 2) watched.inbox->put_back();
    }
    CHECK(watched.troubles.empty());
    CHECK(entries_of(watched.folder()) == 0);
}

TEST_CASE("a report that does not fit on the disk leaves the file, is told once, and works out later") {
    WatchedFolder watched(kOften);
    const std::string report(10'000, 'x');
    watched.on_offer = [&](const Inbox::Offer&) {
        watched.inbox->rejected(report);
    };
    watched.start();
    {
        const SmallFiles limit(4096);
        put_text(watched.path("a.yaml"), "x");
        REQUIRE(watched.until_offers(4));
        CHECK(watched.troubles.size() == 1);
        CHECK(watched.troubles.front().find("a.yaml.errors.txt: File too large") != std::string::npos);
        CHECK(text_of(watched.path("a.yaml")) == "x");
    }
    REQUIRE(watched.until([&] { return text_of(watched.path("rejected/a.yaml")) == "x"; }));
    CHECK(text_of(watched.path("rejected/a.yaml.errors.txt")) == report);
}

TEST_CASE("an unreadable file is told once per version, and offered as soon as it is readable") {
    WatchedFolder watched(kOften);
    watched.start();
    if (::geteuid() == 0) {
        REQUIRE(::chmod(watched.temp.path().c_str(), 0755) == 0);
        REQUIRE(::chmod(watched.folder().c_str(), 0777) == 0);
    }
    const PlainUser user;
    put_text(watched.temp / "inbox/.a", "x");
    REQUIRE(::chmod(watched.path(".a").c_str(), 0) == 0);
    std::filesystem::rename(watched.path(".a"), watched.path("a.yaml"));
    REQUIRE(watched.until_troubles(1));
    CHECK(watched.troubles.front().find("cannot read " + watched.path("a.yaml").string() +
                                        ": Permission denied; check the owner and the mode") == 0);
    watched.turn(200);
    put_text(watched.path("b.yaml"), "x"); // Its two scans are two more for the other one.
    REQUIRE(watched.until_offers(1));
    CHECK(watched.troubles.size() == 1);
    watched.inbox->taken();
    REQUIRE(::chmod(watched.path("a.yaml").c_str(), 0600) == 0);
    REQUIRE(watched.until_offers(2));
    CHECK(watched.offers.back() == "a.yaml");
}

TEST_CASE("an accepted file that cannot be removed is told, and not offered again") {
    WatchedFolder watched(kOften);
    watched.start();
    put_text(watched.path("a.yaml"), "x");
    REQUIRE(watched.until_offers(1));
    // A folder with something in it, under the name that a file has on its way out.
    std::filesystem::create_directories(watched.path(".reeld-taken/x"));
    watched.inbox->taken();
    REQUIRE(watched.troubles.size() == 1);
    CHECK(watched.troubles.front().find("cannot remove " + watched.path("a.yaml").string()) == 0);
    CHECK(watched.troubles.front().ends_with("; it was accepted, so remove it by hand"));
    put_text(watched.path("b.yaml"), "x");
    REQUIRE(watched.until_offers(2));
    CHECK(watched.offers.back() == "b.yaml");
    watched.turn(200);
    CHECK(watched.offers.size() == 2);
}
