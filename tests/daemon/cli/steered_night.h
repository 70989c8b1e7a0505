/// A night with a daemon under way, and commands that talk to it.
#pragma once

#include "tests/daemon/cli/served_night.h"

#include <csignal>
#include <doctest/doctest.h>
#include <memory>

namespace reeld::test {

/// The daemon, its sandbox and their folders.
///
/// The commands are processes of their own, as a person starts them, and find the daemon by its state folder.
/// What fails in here fails the test that uses it. Ownership: its own; everything ends with it.
class SteeredNight : public ServedNight {
public:
    explicit SteeredNight(const std::vector<std::string>& sandbox_options = {"--time", "30ms"})
        : ServedNight(sandbox_options) {}

    /// Starts the daemon, and returns when it listens.
    void start() {
        daemon_ = std::make_unique<Program>(serve());
        REQUIRE(daemon_->wait_for("serving"));
    }
    /// Ends it in order: what is under way is answered.
    void stop() {
        daemon_->send(SIGTERM);
        CHECK(daemon_->wait().exit_code == 0);
    }
    [[nodiscard]] Program& daemon() { return *daemon_; }

    /// `reeld <words>`, to its end.
    [[nodiscard]] ProgramEnd operate(const std::vector<std::string>& words) const {
        return run_program(reeld(words));
    }
    /// The same, and what it prints with --json.
    [[nodiscard]] rapidjson::Document ask(std::vector<std::string> words) const {
        words.emplace_back("--json");
        const auto end = operate(words);
        CAPTURE(end.err);
        CHECK(end.exit_code == 0);
        rapidjson::Document document;
        document.Parse(end.out.c_str());
        REQUIRE(document.IsObject());
        return document;
    }

    /// Accepts a storyboard of so many shots, each batch's with other words.
    void submit(const std::string& name, int shots) const {
        const auto end = operate({"submit", write(name + ".yaml", "# " + name + "\n" + storyboard(shots))});
        CAPTURE(end.err);
        REQUIRE(end.exit_code == 0);
    }

private:
    std::unique_ptr<Program> daemon_;
};

/// A night whose every create is lost, by a provider that has no list: all is held after a tenth of a second.
/// `more`: further options of the sandbox.
class HeldByDaemon : public SteeredNight {
public:
    explicit HeldByDaemon(const std::vector<std::string>& more = {})
        : SteeredNight(losing_every_create(more)) {
        configure("settle", "100ms");
        start();
        submit("harbor", 1);
        REQUIRE(daemon().wait_for("harbor/shot-1 is held"));
    }
};

} // namespace reeld::test
