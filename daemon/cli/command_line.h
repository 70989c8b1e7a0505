/// The command line of this process, as a person would type it again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// The words with blanks between them, each quoted for a POSIX shell where it needs to be.
[[nodiscard]] std::string shell_line(const std::vector<std::string>& words);

/// The words this process was started with; empty when the kernel does not tell.
[[nodiscard]] std::vector<std::string> own_words();

} // namespace reeld
