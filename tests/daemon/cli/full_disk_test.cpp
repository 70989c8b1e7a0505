#include "tests/daemon/cli/mounted_disk.h"
#include "tests/daemon/cli/served_night.h"
#include "tests/support/contains.h"

#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>

namespace reeld::test {

namespace {

/// Two slots, so that a daemon that can go on does so every few milliseconds.
void make_busy(Night& night) {
    night.configure("limits", "{ creates: 100, per: 60s, concurrent: 2 }");
}

/// Far more than fits into what the journal's files hold already.
std::string large_storyboard() {
    std::string text = Night::storyboard(1);
    for (int i = 0; i < 299; ++i) text += fmt::format("  - {} {}\n", i, std::string(2000, 'x'));
    return text;
}

} // namespace

TEST_CASE("a full disk under the journal stops all creates, and with space every shot is rendered once") {
    ServedNight night;
    make_busy(night);
    const MountedDisk disk(night.folder() / "state");
    if (!disk.is_there()) return;
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(80));
    REQUIRE(daemon.wait_for("harbor/shot-2 is rendering"));
    disk.fill();
    REQUIRE(daemon.wait_for("cannot write the journal"));
    // The answers to what was under way come in; then the loop turns on for longer than two predictions take.
    night.drop("bad.yaml", "shots: 7\n");
    REQUIRE(daemon.wait_for("bad.yaml was refused"));
    const int creates = night.creates();
    night.drop("worse.yaml", "shots: 8\n");
    REQUIRE(daemon.wait_for("worse.yaml was refused"));
    CHECK(night.creates() == creates);
    CHECK_FALSE(night.has("output/harbor/manifest.json"));
    CHECK(contains(run_program(night.reeld({"status"})).out, "nothing is sent: the journal in "));
    disk.free();
    REQUIRE(daemon.wait_for("the journal can be written again"));
    REQUIRE(daemon.wait_for("harbor finished: 80 of 80 succeeded"));
    CHECK(stop(daemon).exit_code == 0);
    CHECK(night.creates() == 80);
    CHECK(night.sandbox().report()["identical_inputs"].Size() == 0);
}

TEST_CASE("SIGTERM on a full disk ends the daemon with 4, and a start with space goes on") {
    ServedNight night;
    make_busy(night);
    const MountedDisk disk(night.folder() / "state");
    if (!disk.is_there()) return;
    {
        Program daemon(night.serve());
        night.drop("early.yaml", Night::storyboard(1));
        REQUIRE(daemon.wait_for("early finished"));
        disk.fill();
        night.drop("harbor.yaml", large_storyboard());
        REQUIRE(daemon.wait_for("cannot write the journal"));
        const auto end = stop(daemon);
        CHECK(end.exit_code == 4);
        CHECK(end.err.find("the daemon ends, and the journal still cannot be written") != std::string::npos);
    }
    CHECK(night.creates() == 1);
    CHECK(night.has("inbox/harbor.yaml"));
    disk.free();
    Program daemon(night.serve());
    REQUIRE(daemon.wait_for("harbor accepted: 300 shots"));
    daemon.send(SIGKILL);
    daemon.wait();
}

TEST_CASE("a start on a full disk says so, sends nothing and ends with 4 or goes on when there is space") {
    ServedNight night;
    const MountedDisk disk(night.folder() / "state");
    if (!disk.is_there()) return;
    disk.fill();
    const auto end = run_program(night.serve());
    CHECK(end.exit_code == 4);
    CHECK(end.err.find("cannot make the journal") != std::string::npos);
    disk.free();
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(1));
    REQUIRE(daemon.wait_for("harbor finished: 1 of 1 succeeded"));
}

TEST_CASE("a run on a disk that fills up waits for space and ends with 0; Ctrl-C ends it with 4") {
    Night night({"--time", "30ms"});
    make_busy(night);
    const MountedDisk disk(night.folder() / "state");
    if (!disk.is_there()) return;
    const std::string file = night.write("harbor.yaml", Night::storyboard(60));
    Program run(night.reeld({"run", file}));
    REQUIRE(run.wait_for("harbor/shot-2 is rendering"));
    disk.fill();
    REQUIRE(run.wait_for("cannot write the journal"));
    SUBCASE("space") {
        disk.free();
        REQUIRE(run.wait_for("the journal can be written again"));
        CHECK(run.wait().exit_code == 0);
        CHECK(night.sandbox().report()["creates_accepted"].GetInt() == 60);
    }
    SUBCASE("Ctrl-C") {
        run.send(SIGINT);
        const auto end = run.wait();
        CHECK(end.exit_code == 4);
        CHECK(end.err.find("the journal still cannot be written") != std::string::npos);
    }
}

} // namespace reeld::test
