#include "jobs/storyboard/model_schema.h"

#include "jobs/storyboard/core_schema.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace reeld {

namespace {

using Json = rapidjson::Value;

/// A real schema has some kilobytes; the provider's largest has a few dozen.
constexpr std::size_t kSchemaBytesMax = std::size_t{1} << 20;
/// Schemas within schemas. Storyboards themselves nest no deeper.
constexpr int kSchemaDepthMax = 32;
/// Alternatives multiply the work of the check, so only so many are looked at.
constexpr std::size_t kAlternativesMax = 16;

std::string_view text_of(const Json& json) {
    return {json.GetString(), json.GetStringLength()};
}

const Json* member(const Json& object, const char* name) {
    const auto found = object.FindMember(name);
    return found == object.MemberEnd() ? nullptr : &found->value;
}

std::string string_member(const Json& object, const char* name) {
    const Json* found = member(object, name);
    return found != nullptr && found->IsString() ? std::string(text_of(*found)) : std::string{};
}

std::optional<double> number_member(const Json& object, const char* name) {
    const Json* found = member(object, name);
    if (found == nullptr || !found->IsNumber()) return std::nullopt;
    return found->GetDouble();
}

std::optional<std::uint64_t> count_member(const Json& object, const char* name) {
    const Json* found = member(object, name);
    if (found == nullptr || !found->IsUint64()) return std::nullopt;
    return found->GetUint64();
}

bool flag_member(const Json& object, const char* name) {
    const Json* found = member(object, name);
    return found != nullptr && found->IsTrue();
}

/// A scalar as JSON text in the form that the check compares by; std::nullopt for arrays and objects.
std::optional<std::string> scalar_text(const Json& json) {
    if (json.IsArray() || json.IsObject()) return std::nullopt;
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    json.Accept(writer);
    std::string text(buffer.GetString(), buffer.GetSize());
    return json.IsNumber() ? resolve_scalar(text).json : text;
}

std::uint8_t type_bits(std::string_view name) {
    if (name == "null") return kJsonNull;
    if (name == "boolean") return kJsonBoolean;
    if (name == "integer") return kJsonInteger;
    if (name == "number") return kJsonInteger | kJsonNumber;
    if (name == "string") return kJsonString;
    if (name == "array") return kJsonArray;
    return name == "object" ? kJsonObject : kJsonAny;
}

std::uint8_t read_types(const Json& schema) {
    const Json* type = member(schema, "type");
    if (type == nullptr) return kJsonAny;
    if (type->IsString()) return type_bits(text_of(*type));
    if (!type->IsArray()) return kJsonAny;
    std::uint8_t bits = 0;
    for (const Json& name : type->GetArray()) {
        const std::uint8_t bit = name.IsString() ? type_bits(text_of(name)) : std::uint8_t{kJsonAny};
        bits = static_cast<std::uint8_t>(bits | bit);
    }
    return bits == 0 ? std::uint8_t{kJsonAny} : bits;
}

std::vector<std::string> read_allowed(const Json& schema) {
    const Json* list = member(schema, "enum");
    std::vector<std::string> allowed;
    if (list == nullptr || !list->IsArray()) return allowed;
    for (const Json& value : list->GetArray()) {
        std::optional<std::string> text = scalar_text(value);
        if (!text) return {};
        allowed.push_back(std::move(*text));
    }
    return allowed;
}

/// The types that the values of an `enum` have, for schemas that leave out `type`.
std::uint8_t types_of_allowed(const std::vector<std::string>& allowed) {
    std::uint8_t types = 0;
    for (const std::string& text : allowed) {
        const char first = text.empty() ? 'n' : text.front();
        if (first == '"') types |= kJsonString;
        if (first == 't' || first == 'f') types |= kJsonBoolean;
        if (first == 'n') types |= kJsonNull;
        if (first == '-' || (first >= '0' && first <= '9')) types |= kJsonInteger | kJsonNumber;
    }
    return types;
}

std::vector<std::string> read_names(const Json* list) {
    std::vector<std::string> names;
    if (list == nullptr || !list->IsArray()) return names;
    for (const Json& name : list->GetArray()) {
        if (name.IsString()) names.emplace_back(text_of(name));
    }
    return names;
}

/// `[{"required": ["a"]}, {"required": ["b"]}]` means: exactly one of a and b. Empty for anything else.
std::vector<std::string> read_exactly_one(const Json& one_of) {
    std::vector<std::string> names;
    for (const Json& form : one_of.GetArray()) {
        if (!form.IsObject() || form.MemberCount() != 1) return {};
        const std::vector<std::string> required = read_names(member(form, "required"));
        if (required.size() != 1) return {};
        names.push_back(required.front());
    }
    return names;
}

std::optional<ValueSchema> read_schema(const Json& json, int depth);

void read_bounds(const Json& json, ValueSchema& schema) {
    schema.minimum = number_member(json, "minimum");
    schema.maximum = number_member(json, "maximum");
    schema.minimum_is_excluded = flag_member(json, "exclusiveMinimum");
    schema.maximum_is_excluded = flag_member(json, "exclusiveMaximum");
    const bool is_array = (schema.types & kJsonArray) != 0;
    const bool is_string = (schema.types & kJsonString) != 0;
    if (is_array == is_string) return; // One pair of bounds speaks of one type only.
    schema.size_min = count_member(json, is_array ? "minItems" : "minLength");
    schema.size_max = count_member(json, is_array ? "maxItems" : "maxLength");
}

bool read_properties(const Json& json, ValueSchema& schema, int depth) {
    const Json* properties = member(json, "properties");
    if (properties != nullptr && properties->IsObject()) {
        for (const auto& property : properties->GetObject()) {
            std::optional<ValueSchema> read = read_schema(property.value, depth + 1);
            if (!read) return false;
            schema.properties.push_back({std::string(text_of(property.name)), std::move(*read)});
        }
    }
    const Json* additional = member(json, "additionalProperties");
    schema.closed = additional != nullptr && additional->IsFalse();
    schema.required = read_names(member(json, "required"));
    return true;
}

bool read_alternatives(const Json& json, const char* keyword, ValueSchema& schema, int depth) {
    const Json* forms = member(json, keyword);
    if (forms == nullptr || !forms->IsArray() || forms->Size() > kAlternativesMax) return true;
    if (std::string_view(keyword) == "oneOf") schema.exactly_one = read_exactly_one(*forms);
    if (!schema.exactly_one.empty()) return true;
    for (const Json& form : forms->GetArray()) {
        std::optional<ValueSchema> read = read_schema(form, depth + 1);
        if (!read) return false;
        schema.alternatives.push_back(std::move(*read));
    }
    return true;
}

/// std::nullopt: too deep. What is no schema at all allows everything.
std::optional<ValueSchema> read_schema(const Json& json, int depth) {
    ValueSchema schema;
    if (depth > kSchemaDepthMax) return std::nullopt;
    if (!json.IsObject()) return schema;

    schema.types = read_types(json);
    schema.allowed = read_allowed(json);
    if (schema.types == kJsonAny && !schema.allowed.empty()) schema.types = types_of_allowed(schema.allowed);
    schema.title = string_member(json, "title");
    schema.description = string_member(json, "description");
    if (const Json* fallback = member(json, "default")) schema.fallback = scalar_text(*fallback).value_or("");
    read_bounds(json, schema);
    if (const Json* items = member(json, "items"); items != nullptr && items->IsObject()) {
        std::optional<ValueSchema> read = read_schema(*items, depth + 1);
        if (!read) return std::nullopt;
        schema.items.push_back(std::move(*read));
    }
    const bool read = read_properties(json, schema, depth) &&
                      read_alternatives(json, "oneOf", schema, depth) &&
                      (!schema.alternatives.empty() || read_alternatives(json, "anyOf", schema, depth));
    if (!read) return std::nullopt;
    return schema;
}

} // namespace

const ValueSchema::Property* ValueSchema::find_property(std::string_view name) const {
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [name](const Property& property) { return property.name == name; });
    return found == properties.end() ? nullptr : &*found;
}

ModelSchemaRead read_model_schema(std::string_view text) {
    if (text.size() > kSchemaBytesMax) return {std::nullopt, "is larger than a schema may be"};
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text.data(),
                                                                                           text.size());
    if (document.HasParseError()) return {std::nullopt, "is not JSON"};
    if (!document.IsObject()) return {std::nullopt, "is not a JSON object"};

    std::optional<ValueSchema> input = read_schema(document, 0);
    if (!input) return {std::nullopt, "is nested too deeply"};
    if ((input->types & kJsonObject) == 0) return {std::nullopt, "is not the schema of an object"};
    input->types = kJsonObject;
    input->alternatives.clear();
    const double typical = number_member(document, "x-typical-seconds").value_or(0);
    constexpr double kDay = 86'400;
    return {ModelSchema{.input = std::move(*input),
                        .typical_seconds = typical >= 0 && typical < kDay ? static_cast<int>(typical) : 0,
                        .advice = string_member(document, "x-advice")},
            {}};
}

} // namespace reeld
