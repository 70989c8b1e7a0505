/// The stable names of enumerated values in the journal's bodies. They are never changed.
#pragma once

#include "jobs/queue/outcome.h"

#include <optional>
#include <string_view>

namespace reeld {

[[nodiscard]] std::string_view refusal_name(RefusalKind kind);
[[nodiscard]] std::optional<RefusalKind> refusal_named(std::string_view name);

/// "list", "rule", "person".
[[nodiscard]] std::string_view settled_by_name(SettledBy by);
[[nodiscard]] std::optional<SettledBy> settled_by_named(std::string_view name);

} // namespace reeld
