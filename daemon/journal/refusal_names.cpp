#include "daemon/journal/refusal_names.h"

#include <algorithm>
#include <array>

namespace reeld {

namespace {

/// In the order of RefusalKind.
constexpr std::array<std::string_view, 6> kNames = {"invalid_input", "unknown_model",    "key_rejected",
                                                    "no_balance",    "too_many_running", "too_fast"};

} // namespace

std::string_view refusal_name(RefusalKind kind) {
    return kNames.at(static_cast<std::size_t>(kind));
}

std::optional<RefusalKind> refusal_named(std::string_view name) {
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) return std::nullopt;
    return static_cast<RefusalKind>(found - kNames.begin());
}

} // namespace reeld
