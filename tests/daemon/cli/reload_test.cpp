#include "tests/daemon/cli/served_night.h"
#include "tests/support/notify_socket.h"

#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>

namespace reeld::test {

TEST_CASE("SIGHUP goes on under the configuration read anew, and what renders is not rendered twice") {
    ServedNight night({"--time", "150ms"});
    night.configure("limits", "{ concurrent: 1 }");
    Program daemon(night.serve());
    REQUIRE(daemon.wait_for("1 at once"));
    night.drop("harbor.yaml", Night::storyboard(5));
    REQUIRE(daemon.wait_for("harbor/shot-1 succeeded"));
    night.configure("limits", "{ concurrent: 3 }");
    night.write_configuration();
    daemon.send(SIGHUP);
    REQUIRE(daemon.wait_for("reloading the configuration"));
    REQUIRE(daemon.wait_for("3 at once"));
    REQUIRE(daemon.wait_for("harbor finished: 5 of 5 succeeded"));
    CHECK(stop(daemon).exit_code == 0);
    CHECK(night.creates() == 5);
}

TEST_CASE("a configuration with faults is told of in the log, and the old one stays in force") {
    ServedNight night;
    Program daemon(night.serve());
    REQUIRE(daemon.wait_for("watching"));
    night.configure("limits", "{ creates: 0 }");
    night.configure("retreis", "{ attempts: 2 }");
    night.write_configuration();
    daemon.send(SIGHUP);
    REQUIRE(daemon.wait_for("the configuration stays as it was"));
    CHECK(daemon.said().find("limits.creates") != std::string::npos);
    CHECK(daemon.said().find("unknown key \"retreis\" (did you mean retries?)") != std::string::npos);
    night.drop("harbor.yaml", Night::storyboard(2));
    REQUIRE(daemon.wait_for("harbor finished: 2 of 2 succeeded"));
}

TEST_CASE("a configuration that cannot be served leaves the old one in force") {
    ServedNight night;
    Program daemon(night.serve());
    REQUIRE(daemon.wait_for("watching"));
    // Of another provider no journal is taken, which shows when it is opened.
    night.configure("api", "{ base_url: \"http://127.0.0.1:9/v1\" }");
    night.write_configuration();
    daemon.send(SIGHUP);
    REQUIRE(daemon.wait_for("reloading the configuration"));
    REQUIRE(daemon.wait_for("the configuration stays as it was"));
    CHECK(daemon.said().find("127.0.0.1:9") != std::string::npos);
    night.drop("harbor.yaml", Night::storyboard(2));
    REQUIRE(daemon.wait_for("harbor finished: 2 of 2 succeeded"));
    CHECK(stop(daemon).exit_code == 0);
}

TEST_CASE("a reload reads the key anew, too") {
    ServedNight night({"--time", "30ms", "--key", "the-second-key"});
    const std::string key_file = night.write("key", "the-first-key\n");
    night.configure("api",
                    fmt::format("{{ base_url: {}, key_file: {} }}", night.sandbox().base_url(), key_file));
    Program daemon(night.serve());
    REQUIRE(daemon.wait_for("serving: "));
    [[maybe_unused]] const auto rewritten = night.write("key", "the-second-key\n");
    daemon.send(SIGHUP);
    REQUIRE(daemon.wait_for("stopped: "));
    night.drop("harbor.yaml", Night::storyboard(2));
    REQUIRE(daemon.wait_for("harbor finished: 2 of 2 succeeded"));
    CHECK(stop(daemon).exit_code == 0);
    CHECK(night.creates() == 2);
}

TEST_CASE("a daemon whose program was replaced by another version reads storyboards after a reload, too") {
    const ServedNight night;
    auto start = night.serve();
    const auto program = night.folder() / "reeld";
    std::filesystem::copy_file(start.words.front(), program);
    std::filesystem::copy_file(start.words.front(), night.folder() / "newer");
    start.words.front() = program.string();
    Program daemon(start);
    REQUIRE(daemon.wait_for("serving: "));
    std::filesystem::rename(night.folder() / "newer", program);
    daemon.send(SIGHUP);
    REQUIRE(daemon.wait_for("stopped: "));
    night.drop("harbor.yaml", Night::storyboard(2));
    REQUIRE(daemon.wait_for("harbor finished: 2 of 2 succeeded"));
    CHECK(stop(daemon).exit_code == 0);
}

TEST_CASE("a reload to another state folder is refused, since what renders would be forgotten") {
    ServedNight night({"--time", "300ms"});
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(2));
    REQUIRE(daemon.wait_for("accepted"));
    night.configure("state", (night.folder() / "elsewhere").string());
    night.write_configuration();
    daemon.send(SIGHUP);
    REQUIRE(daemon.wait_for("that changes at a restart only"));
    REQUIRE(daemon.wait_for("harbor finished: 2 of 2 succeeded"));
    CHECK_FALSE(night.has("elsewhere"));
}

TEST_CASE("creates go on while a reload waits for the program of a batch that has ended") {
    ServedNight night;
    const auto go_on = night.folder() / "go-on";
    const auto program = night.write("hook", "#!/bin/sh\nuntil [ -e " + go_on.string() + " ]; do :; done\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    night.configure("on_batch_end", program);
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(1));
    REQUIRE(daemon.wait_for("harbor finished"));
    daemon.send(SIGHUP);
    night.drop("quay.yaml", Night::storyboard(2));
    REQUIRE(daemon.wait_for("quay finished"));
    CHECK(daemon.said().find("reloading") == std::string::npos);
    night.configure("limits", "{ creates: 0 }");
    night.write_configuration();
    daemon.send(SIGHUP);
    REQUIRE(daemon.wait_for("what was read before it comes into force"));
    [[maybe_unused]] const auto ended = night.write("go-on", "");
    REQUIRE(daemon.wait_for("reloading"));
    REQUIRE(daemon.wait_for("stopped: "));
    CHECK(stop(daemon).exit_code == 0);
}

TEST_CASE("a reload under way ends the daemon when SIGTERM comes") {
    const ServedNight night;
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(3));
    REQUIRE(daemon.wait_for("accepted"));
    daemon.send(SIGHUP);
    const auto end = stop(daemon);
    CHECK(end.exit_code == 0);
    CHECK(end.err.find("stopped: ") != std::string::npos);
}

TEST_CASE("the service says that it reloads, by the clock that systemd goes by, and that it is ready again") {
    const ServedNight night;
    NotifySocket socket;
    auto start = night.serve();
    start.environment["NOTIFY_SOCKET"] = socket.path();
    Program daemon(start);
    REQUIRE(daemon.wait_for("serving: "));
    CHECK(socket.receive().starts_with("READY=1\n"));
    daemon.send(SIGHUP);
    REQUIRE(daemon.wait_for("stopped: "));
    CHECK(socket.receive().starts_with("RELOADING=1\nMONOTONIC_USEC="));
    CHECK(stop(daemon).exit_code == 0);
    CHECK(socket.receive().starts_with("READY=1\n"));
}

} // namespace reeld::test
