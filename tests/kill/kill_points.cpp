#include "tests/kill/kill_points.h"

#include "tests/kill/interruption.h"
#include "tests/kill/workers.h"

#include <fmt/format.h>
#include <mutex>
#include <vector>

namespace reeld::test {

namespace {

struct Tally {
    int points = 0;
    int passed = 0;
    int beyond = 0; ///< The run made fewer calls than the one that was counted: nothing befell it.
};

void print_line(const std::string& call, const Tally& tally) {
    fmt::print("{:<18}{:>8}{:>8}{:>8}\n", call, tally.points, tally.passed, tally.beyond);
}

void add(Tally& tally, const Aftermath& aftermath) {
    if (aftermath.reached) {
        ++tally.points;
        if (aftermath.fault.empty()) ++tally.passed;
    } else {
        ++tally.beyond;
    }
}

/// All points of `calls`, injured by `what`. Faults are printed as they come, the table at the end.
bool try_all(const std::string& what, const std::set<std::string>& calls, int threads, int every) {
    std::vector<Injection> injections;
    for (const auto& [call, count] : count_calls(calls)) {
        for (int i = 1; i <= count; i += every)
            injections.push_back({.what = what, .call = call, .number = i});
    }
    std::mutex mutex;
    std::map<std::string, Tally> tallies;
    Tally all;
    bool good = true;
    work_off(injections.size(), threads, [&](std::size_t index) {
        const auto& it = injections[index];
        const auto aftermath = injure(it);
        const std::scoped_lock lock(mutex);
        add(tallies[it.call], aftermath);
        add(all, aftermath);
        if (aftermath.fault.empty()) return;
        good = false;
        fmt::print("FAILED {} at {} {}: {}\n", it.what, it.call, it.number, aftermath.fault);
        std::fflush(stdout);
    });
    fmt::print("{:<18}{:>8}{:>8}{:>8}\n", what, "points", "passed", "beyond");
    for (const auto& [call, tally] : tallies) print_line("  " + call, tally);
    print_line("all", all);
    std::fflush(stdout);
    return good && all.points > 0;
}

} // namespace

bool try_kill_points(int threads, int every) {
    return try_all("signal=SIGKILL", calls_that_matter(), threads, every);
}

bool try_failures(const std::string& error, int threads, int every) {
    return try_all("error=" + error, calls_that_write(), threads, every);
}

} // namespace reeld::test
