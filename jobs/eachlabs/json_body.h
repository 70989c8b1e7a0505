/// A JSON body from outside, made safe to walk.
///
/// RapidJSON protects nobody by itself: its default parser overflows the stack on deep nesting, its
/// walkers (`Accept`, `CopyFrom`, `==`) recurse, and every `Get…()` asserts on a wrong type. What
/// parse_body() returns is bounded in size and depth and valid UTF-8, and the readers below never assert.
/// Pure functions. The pointers and views they return live as long as the document.
#pragma once

#include <rapidjson/document.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace reeld::eachlabs {

/// A body beyond this is not read at all. The provider's answers have a few kilobytes, a model's schema
/// some hundred; this is the last guard behind the transfer's own cap (`api.answer_bytes`).
inline constexpr std::size_t kBodyBytesMax = std::size_t{16} << 20;

/// Arrays and objects within each other. The deepest documented answer has 4; a schema has about 20. Small
/// enough for every recursive walk of RapidJSON's.
inline constexpr int kBodyNestingMax = 64;

/// Whether a text keeps both limits and holds no NUL byte: what every parser of it needs to know first.
[[nodiscard]] bool keeps_limits(std::string_view text);

/// Writes U+FFFD over each escape of half a surrogate pair, which is as long.
void mend_surrogates(std::span<char> text);

/// The body as a document, or nothing when it is no JSON text, not UTF-8, or does not keep the
/// limits. (RapidJSON would take a NUL byte for its end.)
///
/// The escape of half a surrogate pair becomes U+FFFD: programs write one where they cut a text in the middle
/// of an emoji, and RapidJSON refuses the first half, with it the whole answer and what it says of a video
/// that was paid for, and makes invalid UTF-8 of the second.
[[nodiscard]] std::optional<rapidjson::Document> parse_body(std::string_view body);

/// The same, and what is no JSON costs no more than itself: a byte that is not UTF-8 becomes U+FFFD (a log
/// that a program cut by bytes), and NaN and Infinity are numbers (Python writes them). For an answer that
/// says what became of a prediction that is paid for. Not for inputs that are compared: a mended text is
/// another one.
[[nodiscard]] std::optional<rapidjson::Document> parse_mended_body(std::string_view body);

/// The member of an object. Null when `value` is no object, has no such member, or the member is a JSON null:
/// the provider means the same by all three.
[[nodiscard]] const rapidjson::Value* member(const rapidjson::Value& value, std::string_view name);

/// The text of a string value; empty for every other type.
[[nodiscard]] std::string_view string_of(const rapidjson::Value& value);

/// The text of a member that is a string; empty when it is not there or of another type.
[[nodiscard]] std::string_view string_member(const rapidjson::Value& value, std::string_view name);

/// Compact JSON text; a number beyond a double is null. Requires a value out of parse_body(), since writing
/// recurses.
[[nodiscard]] std::string compact_json(const rapidjson::Value& value);

} // namespace reeld::eachlabs
