/// Options that several commands share.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace reeld {

struct CommonOptions {
    std::string config; ///< --config; empty: $REELD_CONFIG, /etc/reeld/reeld.yaml, or the built-in defaults.
    bool json = false;
    bool quiet = false;
};

/// --config and --quiet, and --json with this explanation when it is not empty.
void add_common(CLI::App& command, CommonOptions& options, const std::string& json_help);

/// Where things lie and who answers, for `run` and `serve`.
struct PlaceOptions {
    std::string output; ///< --output; empty: as configured.
    std::string state;  ///< --state; empty: as configured.
    bool sandbox = false;
    double sandbox_speed = 80;   ///< Times faster than life: a prediction of 160 s takes 2 s.
    std::string sandbox_options; ///< Further options of `reeld sandbox`, separated by spaces.
};

void add_places(CLI::App& command, PlaceOptions& options);

/// Which daemon: the state folder that it holds, by --state, and --sandbox for one of rehearsals.
void add_daemon_place(CLI::App& command, PlaceOptions& options);

/// Only where the journal lies: --state, and --sandbox for that of rehearsals.
void add_state_place(CLI::App& command, PlaceOptions& options);

} // namespace reeld
