#include "jobs/eachlabs/json_body.h"

#include <doctest/doctest.h>

using namespace reeld::eachlabs;

TEST_CASE("a body of a million brackets is refused before a document is built") {
    CHECK_FALSE(parse_body(std::string(1'000'000, '[')));
    CHECK_FALSE(parse_body(std::string(200'000, '[') + std::string(200'000, ']')));
}

TEST_CASE("nesting is allowed up to its limit, and brackets inside strings do not count") {
    const auto nested = [](int depth) {
        const auto count = static_cast<std::size_t>(depth);
        return std::string(count, '[') + std::string(count, ']');
    };
    CHECK(parse_body(nested(kBodyNestingMax)));
    CHECK_FALSE(parse_body(nested(kBodyNestingMax + 1)));
    CHECK(parse_body('"' + std::string(1000, '[') + R"(\"[[\\")"));
}

TEST_CASE("what is not one JSON text in UTF-8 is no body") {
    for (const std::string& text :
         {std::string{}, std::string{" "}, std::string{"{"}, std::string{"{} {}"}, std::string{"<html>"},
          std::string{"{\"a\":\"\xff\"}"}, std::string{"\"\xed\xa0\x80\""}, std::string{"{'a':1}"},
          std::string{"nul"}, std::string{"{\"a\":1e999}"}}) {
        CAPTURE(text);
        CHECK_FALSE(parse_body(text));
    }
}

TEST_CASE("half an emoji, where a program cut a text, does not cost the answer") {
    const auto said = [](std::string_view json) {
        const auto body = parse_body(json);
        return body ? std::string{string_of(*body)} : "refused";
    };
    CHECK(said(R"("cut \ud83c")") == "cut \uFFFD");
    CHECK(said(R"("\udfac cut")") == "\uFFFD cut");
    CHECK(said(R"("\ud83c\ud83c\udfac\udfac")") == "\uFFFD\U0001F3AC\uFFFD");
    CHECK(said(R"("\ud83c\u0041")") == "\uFFFDA");
    CHECK(said(R"("\\ud83c\\")") == "\\ud83c\\");
    CHECK(said(R"("\ud8")") == "refused");
}

TEST_CASE("a mended body loses a number that is none, or a letter that was cut in two, and nothing else") {
    // json.dumps(float("nan")) of Python, and a log that was cut by bytes.
    for (const char* text : {"{\"output\":\"kept\",\"metrics\":{\"predict_time\":NaN,\"cost\":-Infinity}}",
                             "{\"logs\":\"caf\xc3\",\"output\":\"kept\"}"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_body(text));
        const auto body = parse_mended_body(text);
        REQUIRE(body);
        CHECK(string_member(*body, "output") == "kept");
    }
    CHECK(string_of(*parse_mended_body("\"caf\xc3\"")) == "caf\uFFFD");
    for (const char* text : {"", "{", "<html>", "{'a':1}", "nul"}) CHECK_FALSE(parse_mended_body(text));
}

TEST_CASE("a number beyond a double does not cut the text that is written of it") {
    const auto body = parse_body("[1,2e308,{\"a\":-2e308}]");
    REQUIRE(body);
    CHECK(compact_json(*body) == R"([1,null,{"a":null}])");
}

TEST_CASE("a NUL byte does not end a body early") {
    CHECK_FALSE(parse_body(std::string{"{\"id\":\"x\"}\0garbage", 19}));
}

TEST_CASE("a byte order mark before the JSON is tolerated") {
    CHECK(parse_body("\xEF\xBB\xBF{}"));
}

TEST_CASE("a body beyond the size limit is refused") {
    CHECK_FALSE(parse_body(std::string(kBodyBytesMax, ' ') + "1"));
}

TEST_CASE("reading a member never asserts, whatever the value is") {
    const auto body = parse_body(R"({"text":"a\u0000b","number":1,"null":null,"object":{"x":"y"}})");
    REQUIRE(body);
    CHECK(string_member(*body, "text") == std::string_view{"a\0b", 3});
    CHECK(string_member(*body, "number").empty());
    CHECK(string_member(*body, "absent").empty());
    CHECK(member(*body, "null") == nullptr);
    CHECK(member(*member(*body, "number"), "x") == nullptr);
    CHECK(compact_json(*member(*body, "object")) == R"({"x":"y"})");
}
