#include "daemon/journal/sqlite.h"
#include "tests/daemon/cli/served_night.h"

#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>

namespace reeld::test {

namespace {

/// Makes every batch's end two days older than it is; no event may be older than the one before it.
void age_manifests(const Night& night) {
    Database database(std::filesystem::canonical(night.folder() / "state" / "journal.db"), "");
    database.execute("UPDATE event SET at = at - 172800000000");
    database.execute("UPDATE event SET wall = wall - 172800000000 WHERE kind = 'manifest_written'");
}

/// Accepts harbor.yaml, which cannot be removed from the watch folder while the obstacle stands.
void accept_what_cannot_be_cleared_away(ServedNight& night, bool until_finished) {
    std::filesystem::create_directories(night.inbox() / ".reeld-taken" / "obstacle");
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(2));
    REQUIRE(daemon.wait_for("remove it by hand"));
    if (until_finished) REQUIRE(daemon.wait_for("harbor finished"));
    daemon.send(SIGKILL);
    CHECK(daemon.wait().signal == SIGKILL);
    REQUIRE(night.has("inbox/harbor.yaml"));
}

} // namespace

TEST_CASE("a dropped file becomes a batch and a manifest, and leaves the watch folder") {
    ServedNight night;
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(3));
    REQUIRE(daemon.wait_for("harbor finished: 3 of 3 succeeded"));
    CHECK(std::string(night.manifest("harbor")["status"].GetString()) == "succeeded");
    CHECK(night.output("harbor", "storyboard.yaml") == Night::storyboard(3));
    CHECK_FALSE(night.has("inbox/harbor.yaml"));
    CHECK(night.creates() == 3);
    CHECK(stop(daemon).exit_code == 0);
}

TEST_CASE("a bad file moves to rejected, beside every fault it has, and sends nothing") {
    ServedNight night;
    Program daemon(night.serve());
    night.drop("bad.yaml",
               "model: kling-v3-pro-text-to-video\nshots:\n  - { prompt: x, duration: 2 }\n  - 7\n");
    REQUIRE(daemon.wait_for("storyboard_refused"));
    stop(daemon);
    CHECK_FALSE(night.has("inbox/bad.yaml"));
    CHECK(night.has("inbox/rejected/bad.yaml"));
    const auto report = read_file(night.inbox() / "rejected" / "bad.yaml.errors.txt");
    CHECK(report.find("bad.yaml:3:") != std::string::npos);
    CHECK(report.find("bad.yaml:4:") != std::string::npos);
    CHECK(report.find("nothing was sent") != std::string::npos);
    CHECK(night.creates() == 0);
}

TEST_CASE("the same bytes under another name are refused, with the name of the batch that has them") {
    ServedNight night;
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(2));
    REQUIRE(daemon.wait_for("harbor finished"));
    night.drop("quay.yaml", Night::storyboard(2));
    REQUIRE(daemon.wait_for("quay.yaml was refused"));
    stop(daemon);
    const auto report = read_file(night.inbox() / "rejected" / "quay.yaml.errors.txt");
    CHECK(report.find("batch harbor has the same bytes") != std::string::npos);
    CHECK(night.creates() == 2);
}

TEST_CASE("a file that is written in two goes and renamed is taken whole") {
    ServedNight night;
    Program daemon(night.serve());
    const std::string whole = Night::storyboard(4);
    const auto half = night.write("inbox/harbor.yaml.part", whole.substr(0, whole.size() / 2));
    night.drop("first.yaml", Night::storyboard(1));
    REQUIRE(daemon.wait_for("first finished")); // The half was there for many scans.
    std::ofstream(half, std::ios::binary | std::ios::app) << whole.substr(whole.size() / 2);
    std::filesystem::rename(half, night.inbox() / "harbor.yaml");
    REQUIRE(daemon.wait_for("harbor finished: 4 of 4 succeeded"));
    CHECK(night.output("harbor", "storyboard.yaml") == whole);
    CHECK(stop(daemon).exit_code == 0);
}

TEST_CASE("SIGTERM ends the daemon with 0, and the next start goes on") {
    ServedNight night({"--time", "60ms"});
    night.configure("limits", "{ creates: 100, per: 60s, concurrent: 2 }");
    {
        Program daemon(night.serve());
        night.drop("harbor.yaml", Night::storyboard(8));
        REQUIRE(daemon.wait_for("succeeded"));
        CHECK(stop(daemon).exit_code == 0);
    }
    Program daemon(night.serve());
    REQUIRE(daemon.wait_for("harbor finished: 8 of 8 succeeded"));
    stop(daemon);
    CHECK(night.creates() == 8);
}

TEST_CASE("after kill -9 in mid-batch the next start polls on, and creates nothing twice") {
    ServedNight night({"--time", "1s", "--spread", "0"});
    night.configure("limits", "{ creates: 100, per: 60s, concurrent: 4 }");
    {
        Program daemon(night.serve());
        night.drop("harbor.yaml", Night::storyboard(6));
        for (int shot = 1; shot <= 4; ++shot)
            REQUIRE(daemon.wait_for(fmt::format("harbor/shot-{} is rendering", shot)));
        // The log tells of what is about to be committed; by a later turn it is.
        night.drop("later.yaml", "# later\n" + Night::storyboard(1));
        REQUIRE(daemon.wait_for("later accepted"));
        daemon.send(SIGKILL);
        CHECK(daemon.wait().signal == SIGKILL);
    }
    Program daemon(night.serve());
    REQUIRE(daemon.wait_for("harbor finished: 6 of 6 succeeded"));
    stop(daemon);
    const auto report = night.sandbox().report();
    CHECK(report["creates_accepted"].GetInt() <= 7);
    CHECK(report["identical_inputs"].Size() <= 1); // The later one has the words of the first shot.
    CHECK(night.manifest("harbor")["shots"].Size() == 6);
}

TEST_CASE(
    "a crash between accepting a file and clearing it away leaves neither a second batch nor a rejection") {
    ServedNight night;
    accept_what_cannot_be_cleared_away(night, false);
    std::filesystem::remove_all(night.inbox() / ".reeld-taken");
    Program daemon(night.serve());
    REQUIRE(daemon.wait_for("harbor.yaml was accepted before as harbor"));
    stop(daemon);
    CHECK(night.creates() <= 2);
    CHECK(night.output("harbor", "storyboard.yaml") == Night::storyboard(2));
    CHECK_FALSE(night.has("inbox/harbor.yaml"));
    CHECK_FALSE(night.has("inbox/rejected/harbor.yaml"));
    CHECK_FALSE(night.has("output/harbor.2"));
}

TEST_CASE("a file that could not be cleared away is not rendered again, however long ago its batch ended") {
    ServedNight night;
    accept_what_cannot_be_cleared_away(night, true);
    age_manifests(night);
    Program daemon(night.serve());
    REQUIRE(daemon.wait_for("harbor.yaml was accepted before as harbor"));
    stop(daemon);
    CHECK_FALSE(night.has("output/harbor.2"));
    CHECK(night.creates() == 2);
}

TEST_CASE("a template that is linked into the watch folder every other night is rendered each time") {
    ServedNight night;
    const auto kept = night.write("harbor.yaml", Night::storyboard(2));
    {
        Program daemon(night.serve());
        std::filesystem::create_hard_link(kept, night.inbox() / "harbor.yaml");
        REQUIRE(daemon.wait_for("harbor finished"));
        stop(daemon);
    }
    age_manifests(night);
    Program daemon(night.serve());
    std::filesystem::create_hard_link(kept, night.inbox() / "harbor.yaml");
    REQUIRE(daemon.wait_for("harbor.2 finished"));
    stop(daemon);
    CHECK(night.creates() == 4);
}

TEST_CASE("a small batch dropped beside a large one of its priority is not behind it") {
    ServedNight night({"--time", "30ms"});
    night.configure("limits", "{ creates: 1000, per: 60s, concurrent: 2 }");
    Program daemon(night.serve());
    night.drop("large.yaml", Night::storyboard(100));
    REQUIRE(daemon.wait_for("large accepted"));
    night.drop("small.yaml", "# small\n" + Night::storyboard(4));
    REQUIRE(daemon.wait_for("small finished"));
    CHECK(night.output("large", "manifest.json").empty());
    stop(daemon);
}

TEST_CASE("a second daemon on one state folder ends with 4 and says who holds it") {
    ServedNight night;
    Program first(night.serve());
    REQUIRE(first.wait_for("watching"));
    const auto second = run_program(night.serve());
    CHECK(second.exit_code == 4);
    CHECK(second.err.find((night.folder() / "state").string()) != std::string::npos);
    CHECK(stop(first).exit_code == 0);
}

} // namespace reeld::test
