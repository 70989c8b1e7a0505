#include "tests/support/contains.h"
#include "tests/support/night.h"
#include "tests/support/places.h"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>

namespace reeld::test {

TEST_CASE(
    "a folder for the state or the output that cannot be made ends with 4, with and without a sandbox") {
    const Night night({"--time", "10ms"});
    const auto file = night.write("harbor.yaml", Night::storyboard(1));
    const std::string below_a_file = file + "/folder";
    for (const std::string option : {"--state", "--output"}) {
        for (const bool sandbox : {false, true}) {
            CAPTURE(option);
            CAPTURE(sandbox);
            auto start = night.reeld({"run", file, option, below_a_file});
            if (sandbox) start.words.emplace_back("--sandbox");
            const auto end = run_program(start);
            CAPTURE(end.err);
            CHECK(end.exit_code == 4);
            CHECK(contains(end.err, file));
            CHECK(contains(end.err, "cannot make"));
        }
    }
}

TEST_CASE("wrong options for the sandbox end with 2 and say which") {
    const Night night({"--time", "10ms"});
    const auto file = night.write("harbor.yaml", Night::storyboard(1));
    const std::vector<std::pair<std::string, std::string>> wrong = {
        {"--speeed 3", "did you mean --speed?"},
        {"--fail weather=1", "there is no failure \"weather\""},
        {"--fail provider=2", "a share lies between 0 and 1"},
        {"hello", "hello"}};
    for (const auto& it : wrong) {
        const std::string& options = it.first; // Clang 14 captures no structured binding.
        const auto end = run_program(night.reeld({"run", file, "--sandbox", "--sandbox-options", options}));
        CAPTURE(options);
        CAPTURE(end.err);
        CHECK(end.exit_code == 2);
        CHECK(contains(end.err, it.second));
        CHECK(contains(end.err, "nothing was sent"));
    }
}

TEST_CASE("options of the sandbox without --sandbox end with 2: the provider would be paid") {
    const Night night({"--time", "10ms"});
    const auto file = night.write("harbor.yaml", Night::storyboard(1));
    for (const auto& [option, value] :
         {std::pair{"--sandbox-speed", "3"}, std::pair{"--sandbox-options", ""}}) {
        const auto end = run_program(night.reeld({"run", file, option, value}));
        CHECK(end.exit_code == 2);
        CHECK(contains(end.err, "--sandbox"));
    }
}

TEST_CASE("a ~ that the shell has not replaced is no folder") {
    const Night night({"--time", "10ms"});
    const auto file = night.write("harbor.yaml", Night::storyboard(1));
    for (const auto* option : {"--output=~/clips", "--state=~/films"}) {
        const auto end = run_program(night.reeld({"run", file, option}));
        CHECK(end.exit_code == 2);
        CHECK(contains(end.err, "the shell has not replaced the ~"));
    }
    const auto end = run_program(night.reeld({"status", "--state=~"}));
    CHECK(contains(end.err, "the shell has not replaced the ~"));
}

TEST_CASE("what standard output does not take ends with 4, unless its reader went away") {
    const Night night({"--time", "10ms"});
    const auto file = night.write("harbor.yaml", Night::storyboard(1));
    const auto reeld = night.reeld({"check", file});
    for (const auto& [where, code] : {std::pair{"> /dev/full", 4}, std::pair{"| true", 0}}) {
        ProgramStart start = reeld;
        start.words = {"/bin/sh", "-c", "\"$@\" " + std::string(where), "sh"};
        start.words.insert(start.words.end(), reeld.words.begin(), reeld.words.end());
        const auto end = run_program(start);
        CAPTURE(end.err);
        CHECK(end.exit_code == code);
        CHECK(contains(end.err, "cannot write to standard output") == (code == 4));
    }
}

TEST_CASE("a run whose slots are all kept by lost creates says what it waits for, and Ctrl-C ends it") {
    Night night({"--time", "10ms", "--misbehave", "create-lost=1"});
    night.configure("limits", "{ creates: 100, per: 60s, concurrent: 2 }");
    const auto file = night.write("harbor.yaml", Night::storyboard(4));
    Program run(night.reeld({"run", file}));
    CHECK(run.wait_for("nothing is created just now"));
    CHECK(run.wait_for("the next is free in"));
    run.send(SIGINT);
    CHECK(run.wait().exit_code == 130);
}

} // namespace reeld::test
