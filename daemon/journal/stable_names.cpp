#include "daemon/journal/stable_names.h"

#include <algorithm>
#include <array>

namespace reeld {

namespace {

/// In the order of RefusalKind.
constexpr std::array<std::string_view, 6> kRefusals = {"invalid_input", "unknown_model",    "key_rejected",
                                                       "no_balance",    "too_many_running", "too_fast"};
/// In the order of SettledBy.
constexpr std::array<std::string_view, 4> kSettledBy = {"list", "rule", "person", "webhook"};

template <class Enum, std::size_t Count>
std::optional<Enum> find_name(const std::array<std::string_view, Count>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

} // namespace

std::string_view refusal_name(RefusalKind kind) {
    return kRefusals.at(static_cast<std::size_t>(kind));
}

std::optional<RefusalKind> refusal_named(std::string_view name) {
    return find_name<RefusalKind>(kRefusals, name);
}

std::string_view settled_by_name(SettledBy by) {
    return kSettledBy.at(static_cast<std::size_t>(by));
}

std::optional<SettledBy> settled_by_named(std::string_view name) {
    return find_name<SettledBy>(kSettledBy, name);
}

} // namespace reeld
