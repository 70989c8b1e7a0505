/// The commands, each added to the command line with its options and its help.
#pragma once

#include <CLI/CLI.hpp>

namespace reeld {

/// Each adds one subcommand whose callback sets `code` to the program's exit code.
void add_run_command(CLI::App& app, int& code);
void add_serve_command(CLI::App& app, int& code);
void add_check_command(CLI::App& app, int& code);
void add_report_command(CLI::App& app, int& code);
void add_models_command(CLI::App& app, int& code);
void add_sandbox_command(CLI::App& app, int& code);

} // namespace reeld
