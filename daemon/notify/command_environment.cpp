#include "daemon/notify/command_environment.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace reeld {

namespace {

/// The key, where it may lie, and what a child could use to speak to systemd in our name.
constexpr std::array<std::string_view, 9> kOurs = {
    "EACHLABS_API_KEY", "CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET",
    "WATCHDOG_PID",     "WATCHDOG_USEC",         "LISTEN_FDS",
    "LISTEN_PID",       "LISTEN_FDNAMES",        "JOURNAL_STREAM"};

constexpr std::array<std::string_view, 8> kBatchs = {"REELD_BATCH",     "REELD_STATUS",    "REELD_MANIFEST",
                                                     "REELD_TOTAL",     "REELD_SUCCEEDED", "REELD_FAILED",
                                                     "REELD_CANCELLED", "REELD_COST"};

bool is_handed_on(std::string_view variable, std::string_view key) {
    const std::string_view name = variable.substr(0, variable.find('='));
    if (std::ranges::count(kOurs, name) > 0 || std::ranges::count(kBatchs, name) > 0) return false;
    return key.empty() || variable.find(key) == std::string_view::npos;
}

} // namespace

std::vector<std::string> command_environment(std::span<const std::string> own, std::string_view key,
                                             const WrittenManifest& manifest) {
    std::vector<std::string> variables;
    std::ranges::copy_if(own, std::back_inserter(variables),
                         [key](const std::string& variable) { return is_handed_on(variable, key); });
    const auto& counts = manifest.counts;
    variables.push_back("REELD_BATCH=" + manifest.name);
    variables.push_back(fmt::format("REELD_STATUS={}", batch_status(counts)));
    variables.push_back("REELD_MANIFEST=" + (manifest.folder / "manifest.json").string());
    variables.push_back(fmt::format("REELD_TOTAL={}", counts.total));
    variables.push_back(fmt::format("REELD_SUCCEEDED={}", counts.succeeded));
    variables.push_back(fmt::format("REELD_FAILED={}", counts.failed));
    variables.push_back(fmt::format("REELD_CANCELLED={}", counts.cancelled));
    if (manifest.cost_usd) variables.push_back(fmt::format("REELD_COST={:.2f}", *manifest.cost_usd));
    return variables;
}

} // namespace reeld
