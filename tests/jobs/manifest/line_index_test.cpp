#include "jobs/manifest/line_index.h"

#include "jobs/manifest/manifest_text.h"

#include <doctest/doctest.h>
#include <string>

using namespace reeld;

TEST_CASE("a line that a manifest wrote gives its index back") {
    ManifestShot shot;
    shot.index = 99'999;
    shot.state = ShotState::succeeded;
    shot.shot.input = R"({"index":3,"prompt":"index"})";
    const LineIndex read = read_line_index(manifest_line(shot));
    CHECK(read.is_object);
    CHECK(read.index == 99'999);
}

TEST_CASE("only a number under the line's own key is a shot's index") {
    for (const char* line : {R"({"a":{"index":1}})", R"({"a":[{"index":1}]})", R"({"index":"1"})",
                             R"({"index":-1})", R"({"index":1.5})", R"({"index":4294967296})",
                             R"({"index":[1]})", R"({"index":{"x":1}})", R"({"index":null,"x":1})", "{}"}) {
        CAPTURE(line);
        const LineIndex read = read_line_index(line);
        CHECK(read.is_object);
        CHECK_FALSE(read.index);
    }
}

TEST_CASE("what is no whole JSON object is none") {
    for (const char* line : {"", " ", "1", "null", "\"x\"", "[]", R"([{"index":1}])", R"({"index":1)",
                             R"({"index":1}})", R"({"index":1} {"index":2})", "{\"a\":\"\xFF\"}", "notes"}) {
        CAPTURE(line);
        const LineIndex read = read_line_index(line);
        CHECK_FALSE(read.is_object);
        CHECK_FALSE(read.index);
    }
    CHECK_FALSE(read_line_index(std::string(512, '\0')).is_object);
}

TEST_CASE("a line nested a million deep is read without a deep stack") {
    std::string line = R"({"a":)";
    for (int i = 0; i < 1'000'000; ++i) line += '[';
    CHECK_FALSE(read_line_index(line).is_object);
}
