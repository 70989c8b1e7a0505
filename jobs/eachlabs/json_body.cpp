#include "jobs/eachlabs/json_body.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace reeld::eachlabs {
namespace {

// Counts brackets outside strings. It need not understand JSON: in a text that is JSON the count is exact,
// and every other text is refused by the parser.
bool nested_too_deep(std::string_view text) {
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > kBodyNestingMax) return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

} // namespace

bool keeps_limits(std::string_view text) {
    return text.size() <= kBodyBytesMax && text.find('\0') == std::string_view::npos &&
           !nested_too_deep(text);
}

std::optional<rapidjson::Document> parse_body(std::string_view body) {
    if (!keeps_limits(body)) return std::nullopt;
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(body.data(),
                                                                                           body.size());
    if (document.HasParseError()) return std::nullopt;
    return document;
}

const rapidjson::Value* member(const rapidjson::Value& value, std::string_view name) {
    if (!value.IsObject()) return nullptr;
    const rapidjson::Value key{rapidjson::StringRef(name.data(), name.size())};
    const auto found = value.FindMember(key);
    if (found == value.MemberEnd() || found->value.IsNull()) return nullptr;
    return &found->value;
}

std::string_view string_of(const rapidjson::Value& value) {
    if (!value.IsString()) return {};
    return {value.GetString(), value.GetStringLength()};
}

std::string_view string_member(const rapidjson::Value& value, std::string_view name) {
    const rapidjson::Value* found = member(value, name);
    return found == nullptr ? std::string_view{} : string_of(*found);
}

std::string compact_json(const rapidjson::Value& value) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
    value.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

} // namespace reeld::eachlabs
