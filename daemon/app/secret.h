/// Words that nobody can guess, and how they are compared.
///
/// Threading: any.
#pragma once

#include <string>
#include <string_view>

namespace reeld {

/// 128 random bits of the kernel's in hexadecimal: 32 letters. Throws std::runtime_error when the kernel
/// gives none.
[[nodiscard]] std::string new_secret();

/// Takes as long for the first letter that differs as for the last, so that nobody learns a secret letter by
/// letter from the time that an answer takes. The length of a secret is no secret.
[[nodiscard]] bool equals_in_constant_time(std::string_view a, std::string_view b);

} // namespace reeld
