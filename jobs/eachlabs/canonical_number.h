/// The part of canonical_json.h that knows numbers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace reeld::eachlabs {

/// One text for all JSON numbers of equal value. Whole numbers from -2^63 to 2^64 - 1 are written exactly;
/// any other number is first rounded to the nearest double, and written with as few digits as tell it from
/// its neighbours. Nothing for a number beyond the largest double; one that is too small for any is 0.
///
/// Requires `number` to be spelled as JSON spells numbers.
[[nodiscard]] std::optional<std::string> canonical_number(std::string_view number);

} // namespace reeld::eachlabs
