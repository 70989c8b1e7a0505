/// How words that nobody may guess are compared.
///
/// Threading: any.
#pragma once

#include <string_view>

namespace reeld {

/// Takes as long for the first letter that differs as for the last, so that nobody learns a secret letter by
/// letter from the time that an answer takes. The length of a secret is no secret.
[[nodiscard]] bool equals_in_constant_time(std::string_view a, std::string_view b);

} // namespace reeld
