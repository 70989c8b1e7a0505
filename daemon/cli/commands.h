/// The commands, each added to the command line with its options and its help.
#pragma once

#include <CLI/CLI.hpp>

namespace reeld {

/// Each adds one subcommand whose callback sets `code` to the program's exit code.
void add_run_command(CLI::App& app, int& code);
void add_serve_command(CLI::App& app, int& code);
void add_submit_command(CLI::App& app, int& code);
void add_status_command(CLI::App& app, int& code);
void add_why_command(CLI::App& app, int& code);
void add_wait_command(CLI::App& app, int& code);
void add_nightly_command(CLI::App& app, int& code);
void add_dashboard_command(CLI::App& app, int& code);
void add_check_command(CLI::App& app, int& code);
void add_report_command(CLI::App& app, int& code);
void add_models_command(CLI::App& app, int& code);
void add_sandbox_command(CLI::App& app, int& code);

/// cancel, retry, resolve, pause, resume, priority.
void add_steer_commands(CLI::App& app, int& code);

/// `names`, which no help lists: the names of batches and shots, for completions of shells.
void add_names_command(CLI::App& app, int& code);

} // namespace reeld
