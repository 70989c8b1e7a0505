/// From options and configuration to a plan of a session: everything is checked before anything starts.
#pragma once

#include "daemon/cli/common_options.h"
#include "daemon/cli/own_sandbox.h"
#include "daemon/cli/session.h"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace reeld {

/// The command line or the configuration is wrong; `what()` is for the user, complete. Exit code 2.
struct PlanError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The configuration in force. Throws PlanError with all of its faults; prints warnings to standard error.
[[nodiscard]] Config load_config_or_throw(const std::string& config_option);

struct Planned {
    SessionPlan plan;
    std::unique_ptr<OwnSandbox> sandbox; ///< When asked for; outlives the session.
};

/// Where the journal lies and whose it is, for commands that only read it. Throws PlanError.
struct JournalPlace {
    Config config;
    std::filesystem::path state;
    std::string provider; ///< The base URL, or "sandbox".
};
[[nodiscard]] JournalPlace plan_journal(const CommonOptions& common, const PlaceOptions& places);

/// The key that stood in the environment; empty: none. The first call takes it out, so that no child and no
/// process list shows it: to be made first thing, by every command. Threading: not with another thread.
[[nodiscard]] const std::string& environment_key();

/// Throws PlanError, std::filesystem_error when a folder cannot be made, JournalError when another program
/// rehearses in the state folder, and std::system_error when the sandbox cannot be started.
[[nodiscard]] Planned plan_session(const CommonOptions& common, const PlaceOptions& places);

/// The plan read anew, to go on in the place of `first`, that of this process' start. Its sandbox stays, with
/// the options that it was started with, and so does a key that stood in the environment. Throws as
/// plan_session() does.
[[nodiscard]] SessionPlan replan_session(const SessionPlan& first, const CommonOptions& common,
                                         const PlaceOptions& places);

/// The path of this executable.
[[nodiscard]] std::string own_program();

/// The catalog's typical times by model, divided by `speed`.
[[nodiscard]] std::map<std::string, Duration> typical_times(double speed);

} // namespace reeld
