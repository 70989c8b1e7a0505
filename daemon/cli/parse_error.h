/// What is wrong with a command line, for someone who types one for the first time.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace reeld {

/// The text for standard error, ending with a newline: the fault, the command that may have been meant, and
/// where to read on. Without any words it is the overview that --help prints. `words`: the command line
/// without the program's name.
[[nodiscard]] std::string explain_parse_error(const CLI::App& app, const CLI::ParseError& error,
                                              const std::vector<std::string>& words);

} // namespace reeld
