/// The keys that a storyboard and its shots have of their own; every other key of a shot is a parameter of
/// the model.
#pragma once

#include <array>
#include <string_view>

namespace reeld {

inline constexpr auto kStoryboardKeys =
    std::to_array<std::string_view>({"storyboard", "model", "priority", "hours", "defaults", "shots"});

inline constexpr auto kShotKeys =
    std::to_array<std::string_view>({"id", "model", "priority", "takes", "note", "tags", "input"});

} // namespace reeld
