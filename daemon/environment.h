/// The process's environment as an argument, so that tests need not change their own.
#pragma once

#include <functional>

namespace reeld {

/// A variable's value, or null when it is not set: `std::getenv` is one. The pointer is used at once.
using Environment = std::function<const char*(const char* name)>;

} // namespace reeld
