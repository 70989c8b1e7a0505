/// The kernel's name for the time since this machine started.
#pragma once

#include <string>

namespace reeld {

/// Changes at every boot; empty when the kernel does not tell, which counts as another boot each time.
[[nodiscard]] std::string read_boot_id();

} // namespace reeld
