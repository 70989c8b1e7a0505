/// What all JSON output has in common, of commands and of the control API.
///
/// Strings may hold anything a provider or a network said: what is not UTF-8 becomes U+FFFD, so that the
/// output is always JSON. Absent facts are left out, never null. Keys are ours, and are not checked. Pure;
/// nothing is thrown but std::bad_alloc.
#pragma once

#include "jobs/queue/shot.h"
#include "jobs/queue/time.h"
#include "jobs/text/rfc3339.h"
#include "jobs/text/utf8.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

using Json = rapidjson::Writer<rapidjson::StringBuffer>;

/// Writes a string, whatever bytes it holds.
inline void add_text(Json& json, std::string_view text) {
    const auto put = [&](std::string_view it) {
        json.String(it.data(), static_cast<rapidjson::SizeType>(it.size()));
    };
    is_ascii(text) ? put(text) : put(mend_utf8(text));
}

/// Writes a member whose value is a string. `key` is one of ours. The others below write what their value is:
/// a number, a time as RFC 3339 in UTC with milliseconds, or nothing at all where the value is absent.
///
/// Precondition of all: an object is open.
inline void add_member(Json& json, const char* key, std::string_view value) {
    json.Key(key);
    add_text(json, value);
}
inline void add_member(Json& json, const char* key, const char* value) {
    add_member(json, key, std::string_view(value));
}
inline void add_member(Json& json, const char* key, bool value) {
    json.Key(key);
    json.Bool(value);
}
inline void add_member(Json& json, const char* key, double value) {
    json.Key(key);
    json.Double(value);
}
template <std::integral Number>
void add_member(Json& json, const char* key, Number value) {
    json.Key(key);
    json.Int64(static_cast<std::int64_t>(value));
}
inline void add_member(Json& json, const char* key, WallTime value) {
    add_member(json, key, std::string_view(rfc3339(value)));
}
template <class Value>
void add_member(Json& json, const char* key, const std::optional<Value>& value) {
    if (value) add_member(json, key, *value);
}

/// A state as keys and values of JSON have it: "in_doubt".
[[nodiscard]] inline std::string state_key(ShotState state) {
    std::string word(to_word(state));
    std::replace(word.begin(), word.end(), ' ', '_');
    return word;
}

[[nodiscard]] inline std::string text_of(const rapidjson::StringBuffer& buffer) {
    return {buffer.GetString(), buffer.GetSize()};
}

} // namespace reeld
