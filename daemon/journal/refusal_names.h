/// The stable names of refusals in the journal's bodies. They are never changed.
#pragma once

#include "jobs/queue/outcome.h"

#include <optional>
#include <string_view>

namespace reeld {

[[nodiscard]] std::string_view refusal_name(RefusalKind kind);
[[nodiscard]] std::optional<RefusalKind> refusal_named(std::string_view name);

} // namespace reeld
