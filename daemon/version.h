/// The program's version, from CMakeLists.txt: the one place where it is written.
#pragma once

#include <string_view>

namespace reeld {

/// "0.1.0"
[[nodiscard]] std::string_view version();

} // namespace reeld
