/// The command line of `reeld sandbox`.
#pragma once

#include "daemon/sandbox/sandbox.h"

#include <CLI/CLI.hpp>

namespace reeld {

/// Adds the subcommand `sandbox` with its options to `app` and returns it. Parsing fills `options`, which
/// must outlive the parsing and holds the defaults before it; what cannot be read is a CLI::ParseError.
/// Values that contradict each other are found by run_sandbox(). So the caller parses, and then `if
/// (*command) return run_sandbox(options);`.
CLI::App* add_sandbox_command(CLI::App& app, SandboxOptions& options);

} // namespace reeld
