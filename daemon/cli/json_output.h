/// What the commands' JSON output has in common.
#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string_view>

namespace reeld {

using Json = rapidjson::Writer<rapidjson::StringBuffer>;

/// Writes a member whose value is a string. `key` is one of ours; `value` may be any UTF-8.
inline void add_member(Json& json, const char* key, std::string_view value) {
    json.Key(key);
    json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

} // namespace reeld
