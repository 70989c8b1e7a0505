#include "daemon/cli/common_options.h"

#include <fmt/format.h>

namespace reeld {

void add_common(CLI::App& command, CommonOptions& options, const std::string& json_help) {
    command
        .add_option(
            "--config", options.config,
            "Configuration file (else $REELD_CONFIG, else /etc/reeld/reeld.yaml, else built-in defaults)")
        ->type_name("FILE");
    if (!json_help.empty()) command.add_flag("--json", options.json, json_help);
    command.add_flag("-q,--quiet", options.quiet, "Say nothing but warnings and errors");
}

namespace {

/// A shell replaces ~ at the beginning of a word only, and `--state=~/films` would make a folder named ~.
std::string no_tilde(const std::string& path) {
    if (path != "~" && !path.starts_with("~/")) return "";
    return fmt::format("{} is no folder: the shell has not replaced the ~; write a blank before it", path);
}

void add_state(CLI::App& command, PlaceOptions& options) {
    command
        .add_option("--state", options.state,
                    "Folder for the journal, which knows what was paid for (default: as configured, "
                    "~/.local/state/reeld)")
        ->check(no_tilde)
        ->type_name("DIR");
}

} // namespace

void add_daemon_place(CLI::App& command, PlaceOptions& options) {
    command
        .add_option("--state", options.state,
                    "State folder of the daemon to talk to (default: as configured, ~/.local/state/reeld)")
        ->check(no_tilde)
        ->type_name("DIR");
    command.add_flag("--sandbox", options.sandbox, "The daemon that was started with --sandbox");
}

void add_state_place(CLI::App& command, PlaceOptions& options) {
    add_state(command, options);
    command.add_flag("--sandbox", options.sandbox, "The journal of what was rendered with --sandbox");
}

void add_places(CLI::App& command, PlaceOptions& options) {
    command
        .add_option("--output", options.output,
                    "Folder for manifests, one folder a batch in it (default: as configured, ./output)")
        ->check(no_tilde)
        ->type_name("DIR");
    add_state(command, options);
    auto* sandbox = command.add_flag(
        "--sandbox", options.sandbox,
        "Render against a stand-in provider on this machine: needs no key, sends nothing, costs nothing");
    command
        .add_option("--sandbox-speed", options.sandbox_speed,
                    "How many times faster than life the sandbox renders")
        ->check(CLI::Range(0.01, 100000.0))
        ->needs(sandbox)
        ->capture_default_str()
        ->type_name("N");
    command
        .add_option("--sandbox-options", options.sandbox_options,
                    "More options for the sandbox in one word, as 'reeld sandbox --help' has them: \"--fail "
                    "provider=0.1\"")
        ->needs(sandbox)
        ->type_name("WORDS");
}

} // namespace reeld
