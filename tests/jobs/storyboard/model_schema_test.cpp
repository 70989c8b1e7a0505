#include "jobs/models/known_models.h"
#include "jobs/storyboard/catalog.h"
#include "jobs/storyboard/model_schema.h"
#include "jobs/storyboard/storyboard_reader.h"

#include <doctest/doctest.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>

namespace {

using namespace reeld;

/// Whether RapidJSON's validator of draft 04 accepts an input.
bool rapidjson_accepts(std::string_view schema_text, const std::string& input) {
    rapidjson::Document schema;
    schema.Parse(schema_text.data(), schema_text.size());
    REQUIRE_FALSE(schema.HasParseError());
    rapidjson::Document value;
    value.Parse(input.c_str());
    REQUIRE_FALSE(value.HasParseError());
    const rapidjson::SchemaDocument compiled(schema);
    rapidjson::SchemaValidator validator(compiled);
    return value.Accept(validator);
}

/// Whether our check accepts the same input, given as JSON, which is YAML in which every string is quoted.
bool check_accepts(const std::string& slug, const std::string& input) {
    const std::string text = R"({"model": ")" + slug + R"(", "shots": [{"input": )" + input + "}]}";
    return read_storyboard(text, "x", Catalog{}).good();
}

} // namespace

TEST_CASE("the check and RapidJSON's validator agree on what Kling v3 takes") {
    const auto schema = known_models().front().schema;
    int accepted = 0;
    int refused = 0;
    for (const std::string input : {
             R"({"prompt": "a"})",
             R"({"prompt": ""})",
             R"({})",
             R"({"prompt": "a", "multi_prompt": [{"prompt": "b"}]})",
             R"({"multi_prompt": [{"prompt": "b", "duration": "5"}]})",
             R"({"multi_prompt": []})",
             R"({"multi_prompt": [{"duration": "5"}]})",
             R"({"multi_prompt": [{"prompt": "b", "seed": 1}]})",

             R"({"prompt": "a", "duration": "3"})",
             R"({"prompt": "a", "duration": "15"})",
             R"({"prompt": "a", "duration": "2"})",
             R"({"prompt": "a", "duration": "16"})",
             R"({"prompt": "a", "cfg_scale": 0})",
             R"({"prompt": "a", "cfg_scale": 1})",
             R"({"prompt": "a", "cfg_scale": 1.01})",
             R"({"prompt": "a", "cfg_scale": -0.01})",
             R"({"prompt": "a", "cfg_scale": "0.5"})",
             R"({"prompt": "a", "generate_audio": true})",
             R"({"prompt": "a", "generate_audio": "true"})",
             R"({"prompt": "a", "voice_ids": ["x", "y"]})",
             R"({"prompt": "a", "voice_ids": ["x", "y", "z"]})",
             R"({"prompt": "a", "shot_type": "intelligent"})",
             R"({"prompt": "a", "shot_type": "none"})",
             R"({"prompt": "a", "aspect_ratio": "1:1"})",
             R"({"prompt": "a", "aspect_ratio": "4:3"})",
             R"({"prompt": "a", "negative_prompt": ""})",
             R"({"prompt": "a", "seed": 1})",
         }) {
        CAPTURE(input);
        const bool accepts = check_accepts("kling-v3-pro-text-to-video", input);
        CHECK(accepts == rapidjson_accepts(schema, input));
        ++(accepts ? accepted : refused);
    }
    CHECK(accepted >= 9);
    CHECK(refused >= 10);
}

TEST_CASE("the check and RapidJSON's validator agree on how many parts a multi-shot video has") {
    const auto schema = known_models().front().schema;
    for (int count = 0; count <= 6; ++count) {
        std::string parts;
        for (int i = 0; i < count; ++i) parts += i == 0 ? R"({"prompt": "a"})" : R"(, {"prompt": "b"})";
        const std::string input = R"({"multi_prompt": [)" + parts + "]}";
        CAPTURE(input);
        const bool accepts = check_accepts("kling-v3-pro-text-to-video", input);
        CHECK(accepts == (count >= 1 && count <= 5));
        CHECK(accepts == rapidjson_accepts(schema, input));
    }
}

TEST_CASE("the built-in models are known by their slugs, with their typical times") {
    const Catalog catalog;
    REQUIRE(catalog.slugs() ==
            std::vector<std::string_view>{"kling-v3-pro-text-to-video", "kling-o3-pro-text-to-video"});
    CHECK(catalog.find("kling-v3-pro-text-to-video")->schema.typical_seconds == 160);
    CHECK(catalog.find("kling-o3-pro-text-to-video")->schema.typical_seconds == 0);
    CHECK(catalog.find("kling-v3-pro-text-to-video")->title == "Kling v3 Pro, text to video");
    CHECK(catalog.find("kling") == nullptr);
}

TEST_CASE("every parameter of Kling v3 has a title, a description and its default") {
    const Catalog catalog;
    const ValueSchema& input = catalog.find("kling-v3-pro-text-to-video")->schema.input;
    CHECK(input.properties.size() == 9);
    for (const auto& property : input.properties) {
        CAPTURE(property.name);
        CHECK_FALSE(property.schema.title.empty());
        CHECK_FALSE(property.schema.description.empty());
    }
    CHECK(input.find_property("duration")->schema.fallback == "\"5\"");
    CHECK(input.find_property("cfg_scale")->schema.fallback == "0.5");
    CHECK(input.find_property("generate_audio")->schema.fallback == "true");
    CHECK(input.find_property("aspect_ratio")->schema.fallback == "\"16:9\"");
}

TEST_CASE("what a value may be is said in words") {
    const Catalog catalog;
    const ValueSchema& input = catalog.find("kling-v3-pro-text-to-video")->schema.input;
    CHECK(describe(input.find_property("duration")->schema) == "one of \"3\" … \"15\"");
    CHECK(describe(input.find_property("aspect_ratio")->schema) == "one of \"16:9\", \"9:16\", \"1:1\"");
    CHECK(describe(input.find_property("cfg_scale")->schema) == "a number from 0 to 1");
    CHECK(describe(input.find_property("voice_ids")->schema) == "a list of at most 2 elements");
    CHECK(describe(input.find_property("generate_audio")->schema) == "true or false");
    CHECK(describe(ValueSchema{}) == "anything");
}

TEST_CASE("a learned schema never replaces a built-in one") {
    Catalog catalog;
    CHECK_FALSE(catalog.learn("kling-v3-pro-text-to-video", R"({"type": "object"})"));
    CHECK(catalog.find("kling-v3-pro-text-to-video")->schema.input.closed);
    CHECK_FALSE(catalog.learn("m", R"({"title": "one"})"));
    CHECK_FALSE(catalog.learn("m", R"({"title": "two"})"));
    CHECK(catalog.find("m")->title == "two");
    CHECK(catalog.slugs().size() == 3);
}

TEST_CASE("a schema that cannot be used is refused with the reason, and changes nothing") {
    Catalog catalog;
    const std::string deep = "{\"properties\":{\"a\":";
    std::string nested;
    for (int i = 0; i < 100; ++i) nested += deep;
    nested += "{}";
    for (int i = 0; i < 100; ++i) nested += "}}";
    CHECK(catalog.learn("m", "") == "is not JSON");
    CHECK(catalog.learn("m", "{") == "is not JSON");
    CHECK(catalog.learn("m", "{\"a\": \"\xFF\"}") == "is not JSON");
    CHECK(catalog.learn("m", "[]") == "is not a JSON object");
    CHECK(catalog.learn("m", "5") == "is not a JSON object");
    CHECK(catalog.learn("m", R"({"type": "string"})") == "is not the schema of an object");
    CHECK(catalog.learn("m", nested) == "is nested too deeply");
    CHECK(catalog.learn("m", std::string(900'000, '[')) == "is not JSON");
    CHECK(catalog.learn("m", std::string(2'000'000, ' ') + "{}") == "is larger than a schema may be");
    CHECK(catalog.find("m") == nullptr);
}

TEST_CASE("keywords of the wrong type are left out instead of trusted") {
    for (const std::string schema : {
             R"({"type": 5})",
             R"({"type": ["object", 7, {}]})",
             R"({"properties": []})",
             R"({"properties": {"a": 5, "b": [], "c": null, "d": "text"}})",
             R"({"properties": {"a": {"type": "nothing we know"}}})",
             R"({"properties": {"a": {"enum": "x"}, "b": {"enum": [{}, []]}, "c": {"enum": []}}})",
             R"({"properties": {"a": {"minimum": "1", "maximum": {}, "exclusiveMinimum": 3}}})",
             R"({"properties": {"b": {"minItems": -1, "maxItems": 1.5}}})",
             R"({"properties": {"a": {"pattern": "(((("}, "b": {"pattern": "a{1000000000}"}}})",
             R"({"properties": {"a": {"$ref": "https://example.com/"}, "b": {"$ref": "#"}}})",
             R"({"properties": {"a": {"items": 5}, "b": {"items": [1, 2]}}})",
             R"({"properties": {"a": {"anyOf": 5}, "b": {"oneOf": [5, {}]}, "c": {"anyOf": []}}})",
             R"({"properties": {"d": {"not": 3, "allOf": {}}}})",
             R"({"required": "a"})",
             R"({"required": [5, {}]})",
             R"({"additionalProperties": "no"})",
             R"({"oneOf": [{"required": 5}, {"required": ["a", "b"]}]})",
             R"({"x-typical-seconds": -5, "x-advice": 7})",
             R"({"x-typical-seconds": 1e300})",
         }) {
        CAPTURE(schema);
        Catalog catalog;
        CHECK_FALSE(catalog.learn("m", schema));
        const std::string text = "model: m\nshots: [{ a: 1, b: [x], c: { d: 2 }, d: text }]\n";
        CHECK(read_storyboard(text, "x", catalog).good());
        CHECK(catalog.find("m")->schema.typical_seconds == 0);
    }
}

TEST_CASE("a learned schema cannot claim the advice that is ours") {
    Catalog catalog;
    CHECK_FALSE(catalog.learn("m", R"({"x-advice": "kling-v3"})"));
    CHECK(catalog.find("m")->schema.advice.empty());
}
