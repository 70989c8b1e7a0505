/// "Did you mean": the valid name nearest to one that is not.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace reeld {

/// The number of letters to insert, delete, replace or swap with their neighbour to make one word of the
/// other, upper and lower case being equal (the distance of Damerau and Levenshtein, optimal string
/// alignment). Words are compared by bytes.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word` when it is close enough to be meant: a third of its letters may differ, at
/// least one and at most three. The first of equals. None near: the only one that begins with `word`, which
/// somebody cut short.
[[nodiscard]] std::optional<std::string_view> nearest_name(std::string_view word,
                                                           std::span<const std::string_view> candidates);

/// ` (did you mean X?)` or nothing, to be put after a message. X is made visible: candidates may be names
/// that others gave, such as the parameters of a provider's schema.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

} // namespace reeld
