#include "daemon/journal/field_reader.h"

#include <fmt/format.h>

namespace reeld {

namespace {

std::string string_of(const rapidjson::Value& value) {
    return {value.GetString(), value.GetStringLength()};
}

} // namespace

void FieldReader::require(const char* name) {
    if (find(name) == nullptr) fail(fmt::format("the field {} is missing", name));
}

std::string FieldReader::text(const char* name) {
    const rapidjson::Value* value = find(name);
    if (value == nullptr) return {};
    if (value->IsString()) return string_of(*value);
    fail_type(name, "a string");
    return {};
}

std::vector<std::string> FieldReader::texts(const char* name) {
    const rapidjson::Value* value = find(name);
    std::vector<std::string> texts;
    if (value == nullptr) return texts;
    if (!value->IsArray()) {
        fail_type(name, "an array of strings");
        return texts;
    }
    for (const rapidjson::Value& item : value->GetArray()) {
        if (item.IsString())
            texts.push_back(string_of(item));
        else
            fail_type(name, "an array of strings");
    }
    return texts;
}

bool FieldReader::boolean(const char* name) {
    const rapidjson::Value* value = find(name);
    if (value == nullptr) return false;
    if (value->IsBool()) return value->GetBool();
    fail_type(name, "true or false");
    return false;
}

int FieldReader::integer(const char* name) {
    const rapidjson::Value* value = find(name);
    if (value == nullptr) return 0;
    if (value->IsInt()) return value->GetInt();
    fail_type(name, "an integer of 32 bits");
    return 0;
}

std::optional<std::int64_t> FieldReader::wide_integer(const char* name) {
    const rapidjson::Value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (value->IsInt64()) return value->GetInt64();
    fail_type(name, "an integer of 64 bits");
    return std::nullopt;
}

std::optional<double> FieldReader::number(const char* name) {
    const rapidjson::Value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (value->IsNumber()) return value->GetDouble();
    fail_type(name, "a number");
    return std::nullopt;
}

std::optional<FieldReader> FieldReader::object(const char* name) {
    const rapidjson::Value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (value->IsObject()) return FieldReader(*value, *error_);
    fail_type(name, "an object");
    return std::nullopt;
}

std::vector<FieldReader> FieldReader::objects(const char* name) {
    const rapidjson::Value* value = find(name);
    std::vector<FieldReader> objects;
    if (value == nullptr) return objects;
    if (!value->IsArray()) {
        fail_type(name, "an array of objects");
        return objects;
    }
    for (const rapidjson::Value& item : value->GetArray()) {
        if (item.IsObject())
            objects.emplace_back(item, *error_);
        else
            fail_type(name, "an array of objects");
    }
    return objects;
}

void FieldReader::fail(const std::string& error) {
    if (error_->empty()) *error_ = error;
}

const rapidjson::Value* FieldReader::find(const char* name) const {
    const auto member = object_->FindMember(name);
    if (member == object_->MemberEnd() || member->value.IsNull()) return nullptr;
    return &member->value;
}

void FieldReader::fail_type(const char* name, const char* expected) {
    fail(fmt::format("the field {} is not {}", name, expected));
}

} // namespace reeld
