#include "tests/kill/random_kills.h"

#include "daemon/loop/loop.h"
#include "tests/daemon/cli/served_night.h"
#include "tests/kill/interruption.h"
#include "tests/kill/workers.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fmt/format.h>
#include <mutex>
#include <random>

namespace reeld::test {

namespace {

constexpr int kShotsOfRun = 12;
constexpr int kBatches = 6;
constexpr int kShotsABatch = 5;

/// Kills in one night, at most: some would never end, since a start needs a while to get anywhere.
constexpr int kKillsANight = 10;

/// Looks for a manifest, 20 ms apart, before it counts as lost.
constexpr int kLooksMax = 1500;

class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    int up_to(int most) { return std::uniform_int_distribution<int>(0, most)(engine_); }

private:
    std::mt19937_64 engine_;
};

/// Lets time pass, in this thread.
void pause(int milliseconds) {
    Loop loop;
    const Instant end = loop.now().at + std::chrono::milliseconds{milliseconds};
    for (Instant now = loop.now().at; now < end; now = loop.now().at) loop.turn(end - now);
}

/// How one night ended.
struct NightEnd {
    int kills = 0;
    std::string fault;
};

/// Kills the program after a while. False when it ended before.
bool killed(const ProgramStart& start, int milliseconds) {
    Program program(start);
    pause(milliseconds);
    program.send(SIGKILL);
    return program.wait().signal == SIGKILL;
}

NightEnd run_and_kill(std::uint64_t seed) {
    Dice dice(seed);
    HastyNight night;
    const auto storyboard = Night::storyboard(kShotsOfRun);
    night.write("harbor.yaml", storyboard);
    NightEnd end;
    const auto start = night.reeld({"run", "harbor.yaml"});
    while (end.kills < kKillsANight && killed(start, dice.up_to(250))) ++end.kills;
    const auto last = run_program(start);
    if (last.exit_code != 0) end.fault = fmt::format("code {}: {}", last.exit_code, last.err);
    if (end.fault.empty()) end.fault = fault_in_creates(night, kShotsOfRun);
    if (end.fault.empty()) end.fault = fault_in_output(night, "harbor", storyboard, kShotsOfRun);
    return end;
}

std::string batch_name(int number) {
    return fmt::format("reel-{}", number);
}

/// Inputs that differ from batch to batch, so that a create too many is seen.
std::string storyboard_of(int number) {
    std::string text = fmt::format(
        "model: kling-v3-pro-text-to-video\ndefaults: {{ negative_prompt: \"reel {}\" }}\nshots:\n", number);
    for (int i = 1; i <= kShotsABatch; ++i) text += fmt::format("  - A gull lands on railing number {}\n", i);
    return text;
}

NightEnd serve_and_kill(std::uint64_t seed) {
    Dice dice(seed);
    ServedNight night({"--time", "20ms"});
    night.configure("settle", "200ms");
    NightEnd end;
    int dropped = 0;
    while (end.kills < kKillsANight) {
        Program daemon(night.serve());
        for (int drops = dice.up_to(2); drops > 0 && dropped < kBatches; --drops) {
            pause(dice.up_to(100));
            night.drop(batch_name(dropped) + ".yaml", storyboard_of(dropped));
            ++dropped;
        }
        pause(dice.up_to(400));
        daemon.send(SIGKILL);
        if (daemon.wait().signal == SIGKILL) ++end.kills;
    }
    for (; dropped < kBatches; ++dropped) night.drop(batch_name(dropped) + ".yaml", storyboard_of(dropped));
    Program daemon(night.serve());
    for (int i = 0; i < kBatches && end.fault.empty(); ++i) {
        const auto manifest = "output/" + batch_name(i) + "/manifest.json";
        for (int looks = 0; looks < kLooksMax && !night.has(manifest); ++looks) pause(20);
        end.fault = fault_in_output(night, batch_name(i), storyboard_of(i), kShotsABatch);
    }
    const auto last = stop(daemon);
    if (end.fault.empty()) end.fault = fault_in_creates(night, kBatches * kShotsABatch);
    if (!end.fault.empty()) end.fault += "\n" + last.err;
    return end;
}

bool kill_many(const char* what, NightEnd (*night)(std::uint64_t), const RandomKills& wanted) {
    std::atomic<int> kills = 0;
    std::atomic<int> nights = 0;
    std::atomic<bool> good = true;
    std::mutex printing;
    const auto nights_max = static_cast<std::size_t>(wanted.kills);
    work_off(nights_max, wanted.threads, [&](std::size_t index) {
        if (kills >= wanted.kills / 2) return;
        const auto end = night(wanted.seed * 1'000'003 + index);
        kills += end.kills;
        ++nights;
        if (end.fault.empty()) return;
        good = false;
        const std::scoped_lock lock(printing);
        fmt::print("FAILED {} with dice {} of seed {}: {}\n", what, index, wanted.seed, end.fault);
    });
    fmt::print("{:<8}{} kills in {} nights: {}\n", what, kills.load(), nights.load(),
               good ? "nothing double, nothing lost" : "FAILED");
    std::fflush(stdout);
    return good && kills >= wanted.kills / 2;
}

} // namespace

bool kill_at_random(const RandomKills& wanted) {
    const bool run = kill_many("run", run_and_kill, wanted);
    const bool serve = kill_many("serve", serve_and_kill, wanted);
    return run && serve;
}

} // namespace reeld::test
