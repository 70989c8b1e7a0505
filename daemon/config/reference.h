/// The reference of all settings, for `reeld help config`.
#pragma once

#include <string>

namespace reeld {

/// Every key with its default, its meaning and the values it takes, as a YAML text that read_config()
/// accepts and that means the defaults: a user may save it and change what should differ. Ends in a
/// newline.
[[nodiscard]] std::string config_reference();

} // namespace reeld
