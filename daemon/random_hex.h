/// Words that are made once, and that nobody can guess: request ids, paths of webhooks, sessions of pages.
///
/// Threading: any.
#pragma once

#include <string>

namespace reeld {

/// 128 random bits of the kernel's in hexadecimal: 32 letters. Throws std::runtime_error when the kernel
/// gives none.
[[nodiscard]] std::string random_hex();

} // namespace reeld
