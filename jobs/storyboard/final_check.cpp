#include "jobs/storyboard/final_check.h"

#include <cassert>
#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>

namespace reeld {

namespace {

rapidjson::Document parse(std::string_view text) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
    assert(!document.HasParseError());
    return document;
}

} // namespace

FinalCheck::FinalCheck(std::string_view schema_text) : schema_(parse(schema_text)) {}

std::optional<std::string> FinalCheck::complaint(const std::string& input_json) const {
    rapidjson::SchemaValidator validator(schema_);
    rapidjson::Reader reader;
    rapidjson::StringStream stream(input_json.c_str());
    reader.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(stream, validator);
    if (validator.IsValid() && !reader.HasParseError()) return std::nullopt;
    if (validator.IsValid()) return "it is no JSON";
    rapidjson::StringBuffer pointer;
    validator.GetInvalidDocumentPointer().Stringify(pointer);
    return fmt::format("{} at {}", validator.GetInvalidSchemaKeyword(), pointer.GetString());
}

} // namespace reeld
