#include "daemon/cli/plan.h"

#include "daemon/config/key.h"
#include "daemon/config/locate.h"
#include "daemon/journal/state_lock.h"
#include "daemon/progress/terminal.h"
#include "jobs/queue/durations.h"
#include "jobs/storyboard/catalog.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <sstream>
#include <system_error>
#include <unistd.h>

namespace reeld {

namespace {

/// The shortest time between two polls of a sandbox, however fast it renders: more would only cost processor
/// time.
constexpr Duration kSandboxPollMin = std::chrono::milliseconds{20};

const char* environment(const char* name) {
    return std::getenv(name);
}

/// ~/.local/state/reeld, by the XDG base directory specification.
std::filesystem::path default_state() {
    if (const char* xdg = std::getenv("XDG_STATE_HOME"); xdg != nullptr && *xdg == '/') {
        return std::filesystem::path(xdg) / "reeld";
    }
    const char* home = std::getenv("HOME");
    if (home == nullptr || *home != '/') {
        throw PlanError(
            "reeld: error: no place for the journal: give one with --state DIR (there is no $HOME)");
    }
    return std::filesystem::path(home) / ".local/state/reeld";
}

Duration faster(Duration duration, double speed) {
    return Duration{static_cast<Duration::rep>(static_cast<double>(duration.count()) / speed)};
}

/// What is meant for predictions of minutes, for ones that are `speed` times as fast.
void scale_for_sandbox(Config& config, double speed) {
    auto& polling = config.polling;
    polling.min = std::max(kSandboxPollMin, faster(polling.min, speed));
    polling.max = std::max(polling.min, faster(polling.max, speed));
    if (polling.first) polling.first = faster(*polling.first, speed);
    config.retries.backoff = faster(config.retries.backoff, speed);
    config.retries.backoff_max = faster(config.retries.backoff_max, speed);
    config.settle = faster(config.settle, speed);
}

std::vector<std::string> sandbox_words(const PlaceOptions& places, const Config& config,
                                       const std::filesystem::path& state) {
    const auto& limits = config.limits;
    std::vector<std::string> words = {"--speed",      fmt::format("{}", places.sandbox_speed),
                                      "--creates",    std::to_string(limits.creates),
                                      "--per",        format_duration(limits.per),
                                      "--concurrent", std::to_string(limits.concurrent),
                                      "--state",      (state / "sandbox.jsonl").string()};
    std::istringstream more(places.sandbox_options);
    for (std::string word; more >> word;) words.push_back(word);
    return words;
}

/// What a sandbox that does not come up says is about its options, or its state file.
std::unique_ptr<OwnSandbox> start_sandbox(const std::string& program, const std::vector<std::string>& words) {
    try {
        return std::make_unique<OwnSandbox>(program, words);
    } catch (const std::system_error&) {
        throw;
    } catch (const std::runtime_error& error) {
        std::string said = error.what();
        while (!said.empty() && said.back() == '\n') said.pop_back();
        throw PlanError("reeld: error: the sandbox did not start; nothing was sent. It says:\n" + said);
    }
}

/// Makes the folder now, so that one that cannot be is told before anything starts. Throws filesystem_error.
void make_writable_folder(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    if (::access(folder.c_str(), W_OK | X_OK) == 0) return;
    throw std::filesystem::filesystem_error("", folder, std::error_code(errno, std::generic_category()));
}

/// Overwrites the key in the environment's own memory, which /proc shows to others, and removes it.
void erase_from_environment(const char* name) {
    if (char* value = std::getenv(name); value != nullptr) std::memset(value, '*', std::strlen(value));
    ::unsetenv(name);
}

constexpr std::string_view kKeyVariable = "EACHLABS_API_KEY";

std::string take_environment_key() {
    const char* value = environment(kKeyVariable.data());
    std::string key = value == nullptr ? "" : value;
    erase_from_environment(kKeyVariable.data());
    return key;
}

std::string find_key_or_throw(const Config& config, const std::string& environment_key) {
    auto found = find_key(config, [&](const char* name) {
        return name == kKeyVariable ? environment_key.c_str() : environment(name);
    });
    for (const auto& warning : found.warnings) write_stderr("reeld: warning: " + warning + "\n");
    if (!found.key.empty()) return found.key;
    throw PlanError("reeld: error: " + found.error);
}

/// All of a plan but the key, and for a sandbox its address.
SessionPlan plan_without_key(const CommonOptions& common, const PlaceOptions& places) {
    SessionPlan plan;
    const JournalPlace place = plan_journal(common, places);
    plan.config = place.config;
    plan.state = place.state;
    plan.provider = place.provider;
    if (!places.output.empty()) plan.config.output = places.output;
    plan.config.output = std::filesystem::absolute(plan.config.output);
    make_writable_folder(plan.config.output);
    plan.program = own_program();
    plan.typical = typical_times(places.sandbox ? places.sandbox_speed : 1);
    if (places.sandbox) {
        scale_for_sandbox(plan.config, places.sandbox_speed);
        // A sandbox posts to this machine only, and the place to listen is that of the daemon that works for
        // real.
        if (!plan.config.webhook.public_url.starts_with("http://")) plan.config.webhook = {};
        plan.key = "sandbox";
    }
    return plan;
}

} // namespace

const std::string& environment_key() {
    static const std::string key = take_environment_key();
    return key;
}

Config load_config_or_throw(const std::string& config_option) {
    const auto path = locate_config(config_option, environment);
    if (path.empty()) return {};
    const auto read = load_config(path);
    std::string errors;
    for (const auto& fault : read.faults) {
        const auto text = render_fault(path.string(), fault) + "\n";
        if (fault.severity == Severity::error) errors += text;
        if (fault.severity == Severity::warning) write_stderr(text);
    }
    if (!errors.empty())
        throw PlanError(errors + "reeld: error: the configuration is not usable; nothing was sent");
    return read.config;
}

std::string own_program() {
    return std::filesystem::read_symlink("/proc/self/exe").string();
}

std::map<std::string, Duration> typical_times(double speed) {
    const Catalog catalog;
    std::map<std::string, Duration> times;
    for (const auto& model : catalog.models()) {
        const Duration documented = std::chrono::seconds{model.schema.typical_seconds};
        times[model.slug] = faster(documented > Duration::zero() ? documented : kTypicalGuess, speed);
    }
    return times;
}

JournalPlace plan_journal(const CommonOptions& common, const PlaceOptions& places) {
    JournalPlace place{.config = load_config_or_throw(common.config), .state = {}, .provider = {}};
    std::filesystem::path chosen = place.config.state;
    if (!places.state.empty()) chosen = places.state;
    place.state = std::filesystem::absolute(chosen.empty() ? default_state() : chosen);
    // A rehearsal never shares a journal with what was paid for.
    if (places.sandbox && places.state.empty()) place.state /= "sandbox";
    place.provider = places.sandbox ? "sandbox" : place.config.api.base_url;
    return place;
}

Planned plan_session(const CommonOptions& common, const PlaceOptions& places) {
    Planned planned;
    auto& plan = planned.plan = plan_without_key(common, places);
    if (!places.sandbox) {
        plan.environment_key = environment_key();
        plan.key = find_key_or_throw(plan.config, plan.environment_key);
        return planned;
    }
    make_writable_folder(plan.state);
    // Who works in the folder is named here; a second sandbox could only say that its file is taken.
    const StateLock probe(make_state_folder(plan.state));
    planned.sandbox = start_sandbox(plan.program, sandbox_words(places, plan.config, plan.state));
    plan.config.api.base_url = planned.sandbox->base_url();
    return planned;
}

SessionPlan replan_session(const SessionPlan& first, const CommonOptions& common,
                           const PlaceOptions& places) {
    SessionPlan plan = plan_without_key(common, places);
    // Another may have been installed in its place, after which the kernel names this one "(deleted)".
    plan.program = first.program;
    if (places.sandbox) {
        plan.config.api.base_url = first.config.api.base_url;
        return plan;
    }
    plan.environment_key = first.environment_key;
    plan.key = find_key_or_throw(plan.config, plan.environment_key);
    return plan;
}

} // namespace reeld
