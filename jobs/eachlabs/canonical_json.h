/// One text for all JSON texts of equal value, so that an input that comes back from the provider is
/// recognised whatever has become of its spelling on the way.
///
/// Equal: objects whatever the order of their keys; strings whatever their escapes; numbers by value, 1, 1.0,
/// 10e-1 and 1E0, also -0 and 0. Different: another value, another type (5 and "5"), another order in an
/// array. Whole numbers of 64 bits are exact, also beyond 2^53; all others are what a double makes of
/// them, since that is what they become on their way through anybody's parser.
///
/// The result is for comparing, not for sending. It is JSON: keys in the order of their bytes, no blanks.
/// Texts keep the limits of json_body.h and are mended like a body, and the work does not recurse. Pure
/// functions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace reeld::eachlabs {

/// The canonical text. Nothing when `text` is no JSON, is beyond the limits, has a number beyond every
/// double, or has an object that names a key twice: which of the two is meant, nobody can say.
[[nodiscard]] std::optional<std::string> canonical_json(std::string_view text);

/// The canonical text of one member of the object that `text` holds. Nothing where canonical_json() has
/// nothing, when `text` holds no object, or when that has no such member. (There is no such function of a
/// parsed value: a number's last digits are gone by then.)
[[nodiscard]] std::optional<std::string> canonical_member(std::string_view text, std::string_view name);

/// The canonical texts of all members of the object that `text` holds, by key. Nothing and none likewise.
[[nodiscard]] std::optional<std::map<std::string, std::string>> canonical_members(std::string_view text);

} // namespace reeld::eachlabs
