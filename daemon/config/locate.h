/// Finds the configuration's file and reads it.
///
/// Threading: start-up; reads a file and blocks. Errors are values.
#pragma once

#include "daemon/config/config.h"
#include "daemon/environment.h"

#include <filesystem>
#include <string_view>

namespace reeld {

/// Where the packaged configuration lies.
inline constexpr std::string_view kSystemConfig = "/etc/reeld/reeld.yaml";

/// The file to read: `chosen` (of `--config`) when not empty, else $REELD_CONFIG when it is not empty, else
/// `system` when it exists. Empty: none, so the built-in defaults hold. A file that was asked for is returned
/// whether it exists or not, so that load_config() says that it is missing: nobody's slip becomes the
/// defaults.
[[nodiscard]] std::filesystem::path locate_config(const std::filesystem::path& chosen,
                                                  const Environment& environment,
                                                  const std::filesystem::path& system = kSystemConfig);

/// Reads a configuration from a regular file of at most kConfigBytesMax (symbolic links are followed). A
/// file that cannot be read is an error of the file as a whole. Paths in it stay as they are written:
/// relative to the process's working folder.
[[nodiscard]] ConfigRead load_config(const std::filesystem::path& path);

} // namespace reeld
