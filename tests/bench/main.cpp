#include "tests/bench/figures.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <functional>

namespace reeld::bench {

namespace {

struct Row {
    std::string name;
    std::string does;
    std::function<Figures()> measure;
};

std::vector<Row> rows(const int& seeds) {
    return {{"create-bound", "600 shots of 50 ms, 100 creates in any 3 s, 10 slots; 15 s", create_bound},
            {"slot-bound", "200 shots of about 8 s, 10 slots; 160 s",
             [&seeds] {
                 return slot_bound(seeds);
             }},
            {"slot-bound with webhooks", "the same, told of ends by webhooks; 160 s",
             [&seeds] {
                 return slot_bound_with_webhooks(seeds);
             }},
            {"unlimited", "20,000 shots that end at once, 500 slots, beside a bare loop; 30 s", unlimited},
            {"accepted", "100,000 shots in one file, dropped and accepted; 10 s", accepted},
            {"idle", "100,000 shots queued, idle, watched, then restarted; 60 s", idle},
            {"faults", "10,000 creates whose answers break in every way; a minute", faults},
            {"strangers", "an HTTP server under 290 idle and slow clients and one that floods it; 5 s",
             strangers}};
}

void print_line(const std::string& name, const std::string& asked, const std::string& measured,
                const char* remark) {
    fmt::print("{:<40}{:>12}{:>14}{}\n", name, asked, measured, remark);
}

/// Prints as it goes; true when every figure is met.
bool measure(const std::vector<Row>& wanted) {
    bool all_met = true;
    print_line("figure", "asked", "measured", "");
    for (const Row& row : wanted) {
        fmt::print("{}\n", row.name);
        std::fflush(stdout);
        try {
            for (const Figure& figure : row.measure()) {
                print_line("  " + figure.name, figure.asked, figure.measured, figure.met ? "" : "  MISSED");
                all_met = all_met && figure.met;
            }
        } catch (const std::exception& error) {
            fmt::print("  FAILED: {}\n", error.what());
            all_met = false;
        }
        std::fflush(stdout);
    }
    return all_met;
}

int go(int count, char** words) {
    CLI::App app("Measures the figures that reeld is held to, and prints them as a table.",
                 "tests/bench/run");
    int seeds = 1;
    bool list = false;
    const auto all = rows(seeds);
    std::vector<std::string> only;
    app.add_option("--only", only, "Only the row of this name; again for more")->allow_extra_args(false);
    app.add_option("--seeds", seeds,
                   "Nights of each slot-bound side by side, each with dice of its own; medians count")
        ->check(CLI::Range(1, 16))
        ->capture_default_str();
    app.add_flag("--list", list, "List the rows and what they do");
    app.footer("The exit code is 0 when every figure is met, 1 when one is missed, 2 when the command line "
               "is wrong.\n"
               "Run it on a machine that does nothing else: other work makes every figure worse.");
    try {
        app.parse(count, words);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    std::vector<Row> wanted;
    for (const Row& row : all) {
        if (list) fmt::print("{:<26}{}\n", row.name, row.does);
        if (only.empty() || std::ranges::count(only, row.name) > 0) wanted.push_back(row);
    }
    if (list) return 0;
    if (!only.empty() && wanted.size() < only.size()) {
        fmt::print(stderr, "No row has that name; --list shows them.\n");
        return 2;
    }
    return measure(wanted) ? 0 : 1;
}

} // namespace

} // namespace reeld::bench

int main(int count, char** words) {
    return reeld::bench::go(count, words);
}
