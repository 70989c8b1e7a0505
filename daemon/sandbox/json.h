/// JSON for the sandbox: a guarded reader, a canonical form, and three words for writing.
///
/// Bodies come from clients under test, so nothing about them is believed: depth is capped before anything
/// is built, encodings are checked, and the parser does not recurse.
#pragma once

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string>
#include <string_view>

namespace reeld::sandbox {

/// Deeper documents are refused: the canonical form and RapidJSON's own destructor recurse.
inline constexpr int kJsonDepthMax = 64;

/// Parses `text`; returns why it cannot be parsed, in words, or an empty string. Not valid JSON, trailing
/// bytes, invalid UTF-8 and too much nesting are refused.
[[nodiscard]] std::string parse_json(std::string_view text, rapidjson::Document& document);

/// One text for all equal values: keys sorted by their bytes, no spaces, numbers by their value (1, 1.0 and
/// 1e0 are one). Requires a value no deeper than kJsonDepthMax.
[[nodiscard]] std::string canonical_json(const rapidjson::Value& value);

/// A member of `object` that is a string; an empty view when it is not there or not a string.
[[nodiscard]] std::string_view string_member(const rapidjson::Value& object, const char* name);

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

inline std::string_view view(const rapidjson::Value& string) {
    return {string.GetString(), string.GetStringLength()};
}
inline std::string_view view(const rapidjson::StringBuffer& buffer) {
    return {buffer.GetString(), buffer.GetSize()};
}
inline void put_key(JsonWriter& writer, std::string_view key) {
    writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
}
inline void put_string(JsonWriter& writer, std::string_view text) {
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}
inline void put_member(JsonWriter& writer, std::string_view key, std::string_view text) {
    put_key(writer, key);
    put_string(writer, text);
}

} // namespace reeld::sandbox
