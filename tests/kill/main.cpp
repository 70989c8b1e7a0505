#include "tests/kill/kill_points.h"
#include "tests/kill/random_kills.h"

#include <CLI/CLI.hpp>

namespace reeld::test {

namespace {

int go(int count, char** words) {
    CLI::App app("Kills reeld wherever it can be killed, and looks whether anything was paid twice or lost.",
                 "tests/kill/run");
    app.require_subcommand(1);
    int threads = 2;
    int every = 1;
    RandomKills random;
    app.add_option("--threads", threads, "Nights at a time")->check(CLI::Range(1, 64))->capture_default_str();
    auto* points = app.add_subcommand("points", "kill -9 at every call that matters");
    auto* errors = app.add_subcommand("errors", "EIO and ENOSPC at every call that writes");
    for (auto* command : {points, errors}) {
        command->add_option("--every", every, "Take each N-th point only")->check(CLI::Range(1, 1000));
    }
    auto* dice = app.add_subcommand("random", "kill -9 of run and serve at random moments");
    dice->add_option("--kills", random.kills, "At least so many in all")->check(CLI::Range(2, 100'000));
    dice->add_option("--seed", random.seed, "Of the dice");
    try {
        app.parse(count, words);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    random.threads = threads;
    bool good = true;
    if (points->parsed()) good = try_kill_points(threads, every);
    if (errors->parsed()) {
        good = try_failures("EIO", threads, every);
        good = try_failures("ENOSPC", threads, every) && good;
    }
    if (dice->parsed()) good = kill_at_random(random);
    return good ? 0 : 1;
}

} // namespace

} // namespace reeld::test

int main(int count, char** words) {
    return reeld::test::go(count, words);
}
