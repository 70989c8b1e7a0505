#include "daemon/sandbox/json.h"

#include <doctest/doctest.h>

namespace reeld::sandbox {

namespace {

std::string canonical(std::string_view text) {
    rapidjson::Document document;
    REQUIRE(parse_json(text, document) == "");
    return canonical_json(document);
}

bool parses(std::string_view text) {
    rapidjson::Document document;
    return parse_json(text, document).empty();
}

} // namespace

TEST_CASE("equal JSON has one canonical text, whatever the order of keys and the spaces") {
    CHECK(canonical(R"({"b": [1, {"y":true,"x":null}], "a": "t"})") ==
          R"({"a":"t","b":[1,{"x":null,"y":true}]})");
}

TEST_CASE("numbers are compared by value") {
    CHECK(canonical("[1, 1.0, 1e0, 10e-1]") == "[1,1,1,1]");
    CHECK(canonical("[0, -0.0, 0.5, 5e-1]") == "[0,0,0.5,0.5]");
    CHECK(canonical("9007199254740993") != canonical("9007199254740992"));
    CHECK(canonical("-3.0") == "-3");
    CHECK(canonical("18446744073709551615") == "18446744073709551615");
}

TEST_CASE("a string is not the number that it spells") {
    CHECK(canonical(R"("5")") != canonical("5"));
}

TEST_CASE("strings are equal by their characters, not by how they are escaped") {
    CHECK(canonical(R"("\u0041\/")") == canonical(R"("A/")"));
}

TEST_CASE("what is not one JSON text in UTF-8 is refused") {
    CHECK_FALSE(parses(""));
    CHECK_FALSE(parses("{"));
    CHECK_FALSE(parses("{} {}"));
    CHECK_FALSE(parses("\"\xff\""));
    CHECK_FALSE(parses(std::string_view("{}\0{}", 5)));
    CHECK_FALSE(parses("NaN"));
}

TEST_CASE("nesting is refused beyond its limit before anything is built") {
    const auto nested = [](std::size_t levels) {
        return std::string(levels, '[') + std::string(levels, ']');
    };
    CHECK(parses(nested(kJsonDepthMax)));
    CHECK_FALSE(parses(nested(kJsonDepthMax + 1)));
    CHECK_FALSE(parses(std::string(1'000'000, '[')));
}

TEST_CASE("brackets in strings are not nesting") {
    CHECK(parses('"' + std::string(1'000, '[') + "\\\"" + std::string(1'000, '{') + '"'));
}

} // namespace reeld::sandbox
