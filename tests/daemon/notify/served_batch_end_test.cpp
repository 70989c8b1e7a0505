#include "tests/daemon/cli/served_night.h"

#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

namespace reeld::test {

namespace {

/// A script of the operator's, with `body`.
void on_batch_end(ServedNight& night, const std::string& body) {
    const auto script = night.write("notify", "#!/bin/sh\n" + body + "\n");
    ::chmod(script.c_str(), 0755);
    night.configure("on_batch_end", fmt::format("[{}, an argument]", script));
}

} // namespace

TEST_CASE("serve runs the program of on_batch_end with the manifest that is there, and logs what it says") {
    ServedNight night;
    on_batch_end(night,
                 "echo \"$1: $REELD_BATCH $REELD_STATUS $REELD_SUCCEEDED of $REELD_TOTAL\"\n"
                 "test -s \"$REELD_MANIFEST\" && test -s manifest.jsonl && test -z \"$EACHLABS_API_KEY\"");
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(3));
    CHECK(daemon.wait_for("an argument: harbor succeeded 3 of 3"));
    CHECK(daemon.wait_for("(on_batch_end) succeeded"));
    CHECK(stop(daemon).exit_code == 0);
}

TEST_CASE("a program that fails changes nothing else") {
    ServedNight night;
    on_batch_end(night, "echo it broke >&2; exit 7");
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(1));
    CHECK(daemon.wait_for("(on_batch_end) failed with exit code 7"));
    night.drop("docks.yaml", Night::storyboard(2));
    CHECK(daemon.wait_for("docks finished: 2 of 2 succeeded"));
    CHECK(stop(daemon).exit_code == 0);
}

TEST_CASE("at the end, a program that runs is waited for, and one that hangs ends with the second signal") {
    ServedNight night;
    on_batch_end(night,
                 "echo began; while ! [ -e \"${REELD_MANIFEST%/*}/go\" ]; do sleep 0.02; done; echo went");
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(1));
    REQUIRE(daemon.wait_for("began"));
    night.drop("docks.yaml", Night::storyboard(2));
    REQUIRE(daemon.wait_for("docks finished"));
    daemon.send(SIGTERM);
    REQUIRE(daemon.wait_for("stopping"));
    static_cast<void>(night.write("output/harbor/go", ""));
    CHECK(daemon.wait_for("harbor: " + (night.folder() / "notify").string() + " (on_batch_end) succeeded"));
    daemon.send(SIGTERM);
    CHECK(daemon.wait_for("is killed: reeld ends"));
    CHECK(daemon.wait().exit_code == 0);
}

} // namespace reeld::test
