#include "daemon/notify/batch_end_commands.h"

#include "daemon/notify/command_environment.h"
#include "tests/support/night.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

namespace reeld::test {

using namespace std::chrono_literals;

namespace {

struct Ended {
    std::string batch;
    CommandEnd end{};
    std::string sentence;
};

/// Runs `words` for batches whose folders are this test's own.
class Commands {
public:
    explicit Commands(std::vector<std::string> words, Duration timeout = 60s)
        : commands(loop,
                   {.words = std::move(words),
                    .timeout = timeout,
                    .environment = {"PATH=/usr/bin:/bin", "EACHLABS_API_KEY=sesame", "SAME=has sesame in it",
                                    "REELD_COST=of another", "NOTIFY_SOCKET=/run/n"},
                    .key = "sesame"},
                   {.said = [this](const std::string&, std::string_view line) { said.emplace_back(line); },
                    .ended =
                        [this](const std::string& batch, CommandEnd end, const std::string& sentence) {
                            ended.push_back({batch, end, sentence});
                        }}) {}

    void batch_ended(const std::string& name, std::optional<double> cost_usd = std::nullopt) {
        std::filesystem::create_directories(folder / name);
        commands.batch_ended({.batch = 1,
                              .name = name,
                              .folder = folder / name,
                              .counts = {.total = 4, .succeeded = 2, .failed = 1, .cancelled = 1},
                              .cost_usd = cost_usd});
    }
    void turn_until(const std::function<bool()>& done) {
        const Instant limit = loop.now().at + 60s;
        while (!done()) {
            loop.turn(100ms);
            REQUIRE(loop.now().at < limit);
        }
    }
    void turn_until_ended(std::size_t count) {
        turn_until([&] { return ended.size() >= count; });
    }
    [[nodiscard]] bool was_said(const std::string& line) const { return std::ranges::count(said, line) > 0; }

    TempFolder folder;
    Loop loop;
    std::vector<std::string> said;
    std::vector<Ended> ended;
    BatchEndCommands commands;
};

} // namespace

TEST_CASE("the program finds the batch in its environment, and neither the key nor what is ours") {
    Commands it({"/usr/bin/env"});
    it.batch_ended("harbor", 12.5);
    it.turn_until_ended(1);
    CHECK(it.ended[0].end == CommandEnd::succeeded);
    CHECK(it.ended[0].batch == "harbor");
    const std::string manifest = (it.folder / "harbor" / "manifest.json").string();
    for (const std::string line :
         {"PATH=/usr/bin:/bin", "REELD_BATCH=harbor", "REELD_STATUS=partial", "REELD_TOTAL=4",
          "REELD_SUCCEEDED=2", "REELD_FAILED=1", "REELD_CANCELLED=1", "REELD_COST=12.50"}) {
        CAPTURE(line);
        CHECK(it.was_said(line));
    }
    CHECK(it.was_said("REELD_MANIFEST=" + manifest));
    CHECK(it.said.size() == 9);
}

TEST_CASE("a batch without a price has no cost in the environment") {
    const auto variables =
        command_environment({}, "", {.name = "harbor", .folder = "/out/harbor", .counts = {}});
    for (const auto& variable : variables) CHECK_FALSE(variable.starts_with("REELD_COST"));
}

TEST_CASE("the program runs in the batch's folder, with its words as they are and nothing to read") {
    Commands it(
        {"/bin/sh", "-c", "pwd; cat; printf '%s\\n' \"$@\"; printf end >&2", "sh", "$HOME `id` *", "two"});
    it.batch_ended("harbor");
    it.turn_until_ended(1);
    CHECK(it.said == std::vector<std::string>{std::filesystem::canonical(it.folder / "harbor").string(),
                                              "$HOME `id` *", "two", "end"});
}

TEST_CASE("a program that fails, is killed, or is not there is told, and the next one runs") {
    for (const auto& [words, end, part] :
         {std::tuple{std::vector<std::string>{"/bin/sh", "-c", "exit 3"}, CommandEnd::failed, "exit code 3"},
          std::tuple{std::vector<std::string>{"/bin/sh", "-c", "kill -9 $$"}, CommandEnd::failed, "signal 9"},
          std::tuple{std::vector<std::string>{"/nowhere/at-all"}, CommandEnd::not_started, "No such file"}}) {
        Commands it(words);
        it.batch_ended("harbor");
        it.batch_ended("docks");
        it.turn_until_ended(2);
        for (const Ended& ended : it.ended) {
            CAPTURE(ended.sentence);
            CHECK(ended.end == end);
            CHECK(ended.sentence.find(part) != std::string::npos);
            CHECK(ended.sentence.find(ended.batch) == 0);
        }
    }
}

TEST_CASE("a batch whose folder is gone starts nothing, and says so") {
    Commands it({"/bin/true"});
    it.commands.batch_ended({.name = "harbor", .folder = it.folder / "gone", .counts = {}});
    REQUIRE(it.ended.size() == 1);
    CHECK(it.ended[0].end == CommandEnd::not_started);
}

TEST_CASE("a program that takes too long is killed with what it has started") {
    // The child's child holds a pipe open; its end is the end of both.
    Commands it({"/bin/sh", "-c", "echo began; sleep 600 & echo $!; wait"}, 100ms);
    it.batch_ended("harbor");
    it.turn_until_ended(1);
    CHECK(it.ended[0].end == CommandEnd::timed_out);
    REQUIRE(it.said.size() == 2);
    const auto grandchild = static_cast<pid_t>(std::stol(it.said[1]));
    // It is a zombie until init has waited for it.
    it.turn_until([&] {
        const auto stat = read_file(fmt::format("/proc/{}/stat", grandchild));
        return stat.empty() || stat.find(") Z ") != std::string::npos;
    });
}

TEST_CASE("few run at a time, and the others in their turn") {
    TempFolder gate;
    Commands it(
        {"/bin/sh", "-c", fmt::format("while ! [ -e {}/open ]; do sleep 0.02; done", gate.path().string())});
    for (int batch = 0; batch < 10; ++batch) it.batch_ended(fmt::format("batch-{}", batch));
    CHECK(it.commands.running() == BatchEndCommands::at_once_max);
    CHECK(it.commands.waiting() == 10 - BatchEndCommands::at_once_max);
    bool idle = false;
    it.commands.when_idle([&] { idle = true; });
    it.loop.turn(Duration::zero());
    CHECK_FALSE(idle);
    std::ofstream(gate / "open").close();
    it.turn_until([&] { return idle; });
    CHECK(it.ended.size() == 10);
    for (const Ended& ended : it.ended) CHECK(ended.end == CommandEnd::succeeded);
}

TEST_CASE("more than can wait are dropped, each with a word") {
    Commands it({"/bin/sleep", "600"});
    std::filesystem::create_directories(it.folder / "b");
    const WrittenManifest manifest{.name = "b", .folder = it.folder / "b", .counts = {}};
    const std::size_t fit = BatchEndCommands::at_once_max + BatchEndCommands::waiting_max;
    for (std::size_t batch = 0; batch < fit + 2; ++batch) it.commands.batch_ended(manifest);
    CHECK(it.ended.size() == 2);
    bool idle = false;
    it.commands.when_idle([&] { idle = true; });
    it.commands.drop_all();
    CHECK(idle);
    CHECK(it.ended.size() == fit + 2);
    for (const Ended& ended : it.ended) CHECK(ended.end == CommandEnd::dropped);
    it.commands.batch_ended(manifest);
    CHECK(it.commands.running() == 0);
}

TEST_CASE("a program that never stops talking is heard to a limit, and does not stand still") {
    Commands it({"/bin/sh", "-c", "head -c 1000000 /dev/zero | tr '\\0' x; exit 0"});
    it.batch_ended("harbor");
    it.turn_until_ended(1);
    CHECK(it.ended[0].end == CommandEnd::succeeded);
    std::size_t bytes = 0;
    for (const std::string& line : it.said) bytes += line.size();
    CHECK(bytes == BatchEndCommands::output_bytes_max);
}

TEST_CASE("without a program nothing is run, and all is idle") {
    Commands it({});
    it.batch_ended("harbor");
    bool idle = false;
    it.commands.when_idle([&] { idle = true; });
    CHECK(idle);
    CHECK(it.ended.empty());
}

} // namespace reeld::test
