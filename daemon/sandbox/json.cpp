#include "daemon/sandbox/json.h"

#include <rapidjson/error/en.h>

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <vector>

namespace reeld::sandbox {

namespace {

/// The deepest nesting of brackets outside of strings. Exact for valid JSON, and never too small for the
/// part of an invalid text that a parser would get to see.
int bracket_depth(std::string_view text) {
    int depth = 0;
    int deepest = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (in_string) {
            if (c == '\\') ++at;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            deepest = std::max(deepest, ++depth);
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return deepest;
}

void put_canonical(JsonWriter& writer, const rapidjson::Value& value);

void put_number(JsonWriter& writer, const rapidjson::Value& value) {
    // Beyond 2^53 a double no longer names one integer, so it stays a double.
    constexpr double kExactMax = 9007199254740992.0;
    if (value.IsUint64()) {
        writer.Uint64(value.GetUint64());
    } else if (value.IsInt64()) {
        writer.Int64(value.GetInt64());
    } else if (const double number = value.GetDouble();
               std::trunc(number) == number && std::abs(number) < kExactMax) {
        writer.Int64(static_cast<std::int64_t>(number));
    } else {
        writer.Double(number);
    }
}

void put_object(JsonWriter& writer, const rapidjson::Value& object) {
    std::vector<const rapidjson::Value::Member*> members;
    members.reserve(object.MemberCount());
    for (const auto& member : object.GetObject()) members.push_back(&member);
    std::ranges::stable_sort(members, {}, [](const auto* member) { return view(member->name); });
    writer.StartObject();
    for (const auto* member : members) {
        put_key(writer, view(member->name));
        put_canonical(writer, member->value);
    }
    writer.EndObject();
}

void put_canonical(JsonWriter& writer, const rapidjson::Value& value) {
    if (value.IsObject()) {
        put_object(writer, value);
    } else if (value.IsArray()) {
        writer.StartArray();
        for (const auto& element : value.GetArray()) put_canonical(writer, element);
        writer.EndArray();
    } else if (value.IsNumber()) {
        put_number(writer, value);
    } else {
        value.Accept(writer);
    }
}

} // namespace

std::string parse_json(std::string_view text, rapidjson::Document& document) {
    if (bracket_depth(text) > kJsonDepthMax) {
        return fmt::format("more than {} levels of nesting", kJsonDepthMax);
    }
    // RapidJSON takes a NUL byte for the end of the text and would not look at what follows.
    if (text.find('\0') != std::string_view::npos) return "a NUL byte";
    constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
                                rapidjson::kParseFullPrecisionFlag;
    document.Parse<kFlags>(text.data(), text.size());
    if (!document.HasParseError()) return {};
    return fmt::format("{} (byte {})", rapidjson::GetParseError_En(document.GetParseError()),
                       document.GetErrorOffset());
}

std::string canonical_json(const rapidjson::Value& value) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    put_canonical(writer, value);
    return std::string(view(buffer));
}

std::string_view string_member(const rapidjson::Value& object, const char* name) {
    const auto member = object.FindMember(name);
    if (member == object.MemberEnd() || !member->value.IsString()) return {};
    return view(member->value);
}

} // namespace reeld::sandbox
