#include "daemon/sandbox/respell.h"

#include "daemon/sandbox/json.h"

#include <cassert>
#include <fmt/format.h>

namespace reeld::sandbox {

namespace {

std::string respelled_string(std::string_view text) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    const bool ascii = !text.empty() && static_cast<unsigned char>(text.front()) < 0x80;
    put_string(writer, ascii ? text.substr(1) : text);
    std::string spelled(view(buffer));
    if (ascii) spelled.insert(1, fmt::format("\\u{:04x}", static_cast<unsigned>(text.front())));
    return spelled;
}

std::string respelled_number(const rapidjson::Value& number) {
    if (number.IsUint64()) return fmt::format("{}0e-1", number.GetUint64());
    if (number.IsInt64()) return fmt::format("{}0E-1", number.GetInt64());
    // Seventeen digits tell every double from its neighbours; these are eighteen.
    return fmt::format("{:.17e}", number.GetDouble());
}

std::string respelled_value(const rapidjson::Value& value) {
    if (value.IsString()) return respelled_string(view(value));
    if (value.IsNumber()) return respelled_number(value);
    if (value.IsNull()) return "null";
    if (value.IsBool()) return value.GetBool() ? "true" : "false";
    std::string parts;
    if (value.IsArray()) {
        for (const auto& element : value.GetArray()) {
            parts += fmt::format("{} {}", parts.empty() ? "" : ",", respelled_value(element));
        }
        return fmt::format("[{} ]", parts);
    }
    for (auto member = value.MemberEnd(); member != value.MemberBegin();) {
        --member;
        parts += fmt::format("{} {} : {}", parts.empty() ? "" : ",", respelled_string(view(member->name)),
                             respelled_value(member->value));
    }
    return fmt::format("{{{} }}", parts);
}

} // namespace

std::string respelled(std::string_view json) {
    rapidjson::Document document;
    const std::string fault = parse_json(json, document);
    assert(fault.empty());
    static_cast<void>(fault);
    return respelled_value(document);
}

} // namespace reeld::sandbox
