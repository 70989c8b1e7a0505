#include "tests/house_rules/includes.h"
#include "tests/house_rules/rules.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace reeld::test {

namespace {

/// A C library's headers, and the folders that wrap it.
struct Wall {
    std::string_view header; ///< The beginning of its path.
    std::array<std::string_view, 2> folders;
};

constexpr std::array<Wall, 7> kWalls = {{
    {.header = "curl/", .folders = {"daemon/net/", "daemon/net/"}},
    // sd-event is the loop; sd-daemon, what the service manager is told.
    {.header = "systemd/", .folders = {"daemon/loop/", "daemon/supervisor/"}},
    {.header = "sqlite3", .folders = {"daemon/journal/", "daemon/journal/"}},
    {.header = "microhttpd", .folders = {"daemon/http/", "daemon/http/"}},
    {.header = "date/", .folders = {"daemon/hours/", "daemon/hours/"}},
    {.header = "prometheus/", .folders = {"daemon/metrics/", "daemon/metrics/"}},
    {.header = "CLI/", .folders = {"daemon/cli/", "daemon/sandbox/"}},
}};

/// Standard headers that reach outside of the program, or to another thread.
constexpr std::array<std::string_view, 18> kImpureHeaders = {
    "thread",     "mutex",     "shared_mutex", "condition_variable",
    "future",     "atomic",    "stop_token",   "semaphore",
    "latch",      "barrier",   "fstream",      "iostream",
    "filesystem", "cstdio",    "ctime",        "csignal",
    "csetjmp",    "syncstream"};

bool is_standard(std::string_view target) {
    return target.find_first_of("./") == std::string_view::npos;
}

bool is_allowed_in_jobs(const Include& include) {
    constexpr std::array<std::string_view, 3> kLibraries = {"fmt/", "rapidjson/", "yaml-cpp/"};
    if (include.quoted) return include.target.starts_with("jobs/");
    if (is_standard(include.target)) return std::ranges::count(kImpureHeaders, include.target) == 0;
    return std::ranges::any_of(kLibraries,
                               [&](std::string_view library) { return include.target.starts_with(library); });
}

} // namespace

std::vector<Include> includes_of(const SourceFile& file) {
    std::vector<Include> includes;
    const std::string directives = take_apart(file.text).directives;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(directives)) {
        ++number;
        const std::size_t open = line.find_first_of("<\"");
        const std::size_t close = line.find_last_of(">\"");
        if (!line.starts_with("#include") || open >= close) continue;
        includes.push_back({.target = std::string(line.substr(open + 1, close - open - 1)),
                            .quoted = line[open] == '"',
                            .line = number});
    }
    return includes;
}

Faults includes_beyond_jobs(const SourceFile& file) {
    if (!file.path.starts_with("jobs/")) return {};
    Faults faults;
    for (const Include& include : includes_of(file)) {
        if (is_allowed_in_jobs(include)) continue;
        faults.push_back(
            fault_at(file, include.line, fmt::format("{} has no place in jobs/", include.target)));
    }
    return faults;
}

Faults includes_beyond_walls(const SourceFile& file) {
    if (file.path.starts_with("tests/")) return {};
    Faults faults;
    for (const Include& include : includes_of(file)) {
        for (const Wall& wall : kWalls) {
            if (!include.target.starts_with(wall.header)) continue;
            if (file.path.starts_with(wall.folders[0]) || file.path.starts_with(wall.folders[1])) continue;
            faults.push_back(fault_at(file, include.line,
                                      fmt::format("{} belongs to {}", include.target, wall.folders[0])));
        }
    }
    return faults;
}

Faults relative_includes(const SourceFile& file) {
    Faults faults;
    for (const Include& include : includes_of(file)) {
        const std::string_view target = include.target;
        const bool rooted =
            target.starts_with("jobs/") || target.starts_with("daemon/") || target.starts_with("tests/");
        const bool across = target.starts_with("tests/") && !file.path.starts_with("tests/");
        if (!include.quoted || (rooted && !across)) continue;
        faults.push_back(fault_at(file, include.line,
                                  fmt::format("{} is no path from the root that is open here", target)));
    }
    return faults;
}

} // namespace reeld::test
