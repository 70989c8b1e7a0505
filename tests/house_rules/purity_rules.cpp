#include "tests/house_rules/rules.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <span>

namespace reeld::test {

namespace {

/// Names that no pure code says, called or not.
constexpr std::array<std::string_view, 14> kImpureNames = {
    "system_clock", "steady_clock", "high_resolution_clock", "clock_gettime", "gettimeofday", "thread_local",
    "ifstream",     "ofstream",     "random_device",         "virtual",       "getenv",       "secure_getenv",
    "srand",        "fprintf"};

/// Innocent as names of our own, and refused when they are the standard library's.
constexpr std::array<std::string_view, 12> kImpureOfStd = {"function", "thread", "jthread", "mutex",
                                                           "atomic",   "cout",   "cerr",    "clog",
                                                           "cin",      "async",  "future",  "fstream"};

/// Innocent as variables and members, and refused as calls of functions that belong to no class.
constexpr std::array<std::string_view, 9> kImpureCalls = {"rand", "random", "time",   "fopen",    "printf",
                                                          "puts", "fork",   "system", "localtime"};

constexpr std::array<std::string_view, 8> kClockNames = {
    "system_clock", "steady_clock", "high_resolution_clock", "clock_gettime",
    "gettimeofday", "sleep_for",    "sleep_until",           "nanosleep"};
constexpr std::array<std::string_view, 2> kClockCalls = {"sleep", "usleep"};

using Names = std::span<const std::string_view>;

bool is_in(Names names, std::string_view word) {
    return std::ranges::count(names, word) > 0;
}

/// `rand(…)`, `std::rand(…)` and `::rand(…)`; not `bucket.time(…)`, `Clip::time(…)`, nor the declaration of
/// a function of ours, `Instant time(…)`.
bool is_free_call(std::string_view code, const Word& word) {
    if (next_visible(code, word.position + word.text.size()) != '(') return false;
    std::string_view before = code.substr(0, word.position);
    if (before.ends_with("std::")) return true;
    if (before.ends_with("::")) {
        before.remove_suffix(2);
        return before.empty() || words_of(before.substr(before.size() - 1)).empty();
    }
    if (before.ends_with("return ")) return true;
    const char previous = previous_visible(code, word.position);
    return std::string_view("=(,;{}!+-*/<?:").find(previous) != std::string_view::npos &&
           !before.ends_with("->");
}

/// The words of `names` anywhere, of `of_std` behind `std::`, and of `calls` where they are called.
Faults find(const SourceFile& file, Names names, Names of_std, Names calls, std::string_view why) {
    Faults faults;
    const std::string code = take_apart(file.text).code;
    for (const Word& word : words_of(code)) {
        const bool standard = std::string_view(code).substr(0, word.position).ends_with("std::");
        const bool called = is_in(calls, word.text) && is_free_call(code, word);
        if (!is_in(names, word.text) && !called && !(standard && is_in(of_std, word.text))) continue;
        faults.push_back(fault_at(file, line_at(code, word.position), fmt::format("{}: {}", word.text, why)));
    }
    return faults;
}

} // namespace

Faults impure_jobs(const SourceFile& file) {
    if (!file.path.starts_with("jobs/")) return {};
    constexpr std::string_view kWhy = "jobs/ reaches nothing outside of its arguments";
    return find(file, kImpureNames, kImpureOfStd, kImpureCalls, kWhy);
}

Faults second_clocks(const SourceFile& file) {
    if (file.path.starts_with("daemon/loop/")) return {};
    constexpr std::string_view kWhy = "the loop is the only clock, and the only one to wait";
    return find(file, kClockNames, {}, kClockCalls, kWhy);
}

} // namespace reeld::test
