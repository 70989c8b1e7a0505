// jobs/storyboard.schema.json is for editors; it must say what the reader does.
#include "jobs/storyboard/catalog.h"
#include "jobs/storyboard/storyboard_keys.h"
#include "jobs/storyboard/storyboard_limits.h"
#include "tests/support/places.h"

#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <rapidjson/document.h>
#include <set>

namespace {

using namespace reeld;

rapidjson::Document schema_file() {
    std::ifstream file(test::source_folder() + "/jobs/storyboard.schema.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    rapidjson::Document schema;
    schema.Parse(text.c_str(), text.size());
    REQUIRE(schema.IsObject());
    return schema;
}

std::set<std::string> keys_of(const rapidjson::Value& object) {
    std::set<std::string> keys;
    for (const auto& member : object.GetObject()) keys.insert(member.name.GetString());
    return keys;
}

const rapidjson::Value& shot_of(const rapidjson::Document& schema) {
    return schema["definitions"]["shot"]["anyOf"][1];
}

} // namespace

TEST_CASE("the schema for editors has the storyboard's keys and no others") {
    const rapidjson::Document schema = schema_file();
    CHECK(keys_of(schema["properties"]) ==
          std::set<std::string>(kStoryboardKeys.begin(), kStoryboardKeys.end()));
    CHECK(schema["additionalProperties"].IsFalse());
}

TEST_CASE("the schema for editors has every key of a shot, and lets parameters through") {
    const rapidjson::Document schema = schema_file();
    const std::set<std::string> keys = keys_of(shot_of(schema)["properties"]);
    for (const std::string_view key : kShotKeys) CHECK(keys.contains(std::string(key)));
    CHECK(shot_of(schema)["additionalProperties"].IsObject());
}

TEST_CASE("the schema for editors forbids among the defaults what the reader forbids") {
    const rapidjson::Document schema = schema_file();
    const auto& defaults = schema["properties"]["defaults"]["properties"];
    for (const std::string_view key : kShotKeys) {
        const std::string name(key);
        CAPTURE(name);
        REQUIRE(defaults.HasMember(name.c_str()));
        CHECK(defaults[name.c_str()].IsFalse() == (name != "input"));
    }
}

TEST_CASE("the schema for editors has the reader's limits") {
    const rapidjson::Document schema = schema_file();
    const StoryboardLimits limits;
    CHECK(shot_of(schema)["properties"]["takes"]["maximum"].GetUint() == limits.takes_max);
    CHECK(shot_of(schema)["properties"]["tags"]["maxItems"].GetUint() == limits.tags_max);
    CHECK(schema["definitions"]["priority"]["minimum"].GetInt() == -100);
    CHECK(schema["definitions"]["priority"]["maximum"].GetInt() == 100);
}

TEST_CASE("the schema for editors completes the slugs of the built-in models") {
    const rapidjson::Document schema = schema_file();
    std::set<std::string> slugs;
    for (const auto& slug : schema["definitions"]["model"]["anyOf"][0]["enum"].GetArray())
        slugs.insert(slug.GetString());
    std::set<std::string> built_in;
    const Catalog catalog;
    for (const std::string_view slug : catalog.slugs()) built_in.emplace(slug);
    CHECK(slugs == built_in);
}
