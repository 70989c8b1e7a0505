/// The command line.
#pragma once

namespace reeld {

/// The whole program. Returns its exit code.
int run_cli(int argc, char** argv);

} // namespace reeld
