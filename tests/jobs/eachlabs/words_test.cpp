#include "jobs/eachlabs/words.h"

#include "jobs/eachlabs/answers.h"
#include "jobs/eachlabs/json_body.h"

#include <doctest/doctest.h>

using namespace reeld::eachlabs;

namespace {

Words words_in(std::string_view json) {
    const auto body = parse_body(json);
    REQUIRE(body);
    return words_of(*body);
}

} // namespace

TEST_CASE("what hides, breaks or reorders text becomes a blank") {
    CHECK(clean_text("a\u200Bb\u2060c\uFEFFd\u2028e\u202Ef\u00A0g\u0085h", kMessageBytesMax) ==
          "a b c d e f g h");
}

TEST_CASE("text from outside becomes one line without controls, trimmed") {
    CHECK(clean_text("  a \r\n\t b\x1b[31m\x7f c\0d  ", 100) == "a b [31m c");
    CHECK(clean_text("a\u0085b\u2028c\u202Ed", 100) == "a b c d");
    CHECK(clean_text(" \n ", 100).empty());
    CHECK(clean_text("Möwe 🎬", 100) == "Möwe 🎬");
}

TEST_CASE("bytes that are not UTF-8 are replaced one by one") {
    CHECK(clean_text("a\xff"
                     "b",
                     100) == "a\uFFFDb");
    CHECK(clean_text("\xc0\xaf", 100) == "\uFFFD\uFFFD");
    CHECK(clean_text("\xed\xa0\x80", 100) == "\uFFFD\uFFFD\uFFFD");
    CHECK(clean_text("\xf4\x90\x80\x80", 100) == "\uFFFD\uFFFD\uFFFD\uFFFD");
    CHECK(clean_text("x\xe2\x82", 100) == "x\uFFFD\uFFFD");
}

TEST_CASE("long text is cut between characters, with an ellipsis, within its bound") {
    CHECK(clean_text("abcdef", 6) == "abcdef");
    CHECK(clean_text("abcdefg", 6) == "abc…");
    CHECK(clean_text("äöüäöü", 8) == "äö…");
    CHECK(clean_text(std::string(100'000, 'x'), kMessageBytesMax).size() <= kMessageBytesMax);
}

TEST_CASE("a code is one word") {
    CHECK(clean_code("content_moderation") == "content_moderation");
    CHECK(clean_code(" Bad Input: 7!\n") == "Bad_Input__7_");
    CHECK(clean_code(std::string(200, 'x')).size() == kCodeBytesMax);
}

TEST_CASE("both shapes of an error body are understood") {
    const Words p = words_in(R"({"status":"error","message":"Invalid input","details":"duration"})");
    CHECK(p.message == "Invalid input");
    CHECK(p.details == "duration");
    const Words d = words_in(R"({"error":"rate limited","status":429,"details":"cap"})");
    CHECK(d.message == "rate limited");
    CHECK(d.details == "cap");
}

TEST_CASE("details of any type are kept, objects and arrays as JSON text") {
    CHECK(words_in(R"({"error":"e","details":{"field":"duration","allowed":["3","15"]}})").details ==
          R"({"field":"duration","allowed":["3","15"]})");
    CHECK(words_in(R"({"error":"e","details":["a", 1]})").details == R"(["a",1])");
    CHECK(words_in(R"({"error":"e","details":7})").details == "7");
    CHECK(words_in(R"({"error":"e","details":null})").details.empty());
}

TEST_CASE("a message is found wherever the body keeps it") {
    CHECK(words_in(R"({"error":{"message":"inner","code":1}})").message == "inner");
    CHECK(words_in(R"({"detail":"not found"})").message == "not found");
    CHECK(words_in(R"({"message":" ","error":"spoken"})").message == "spoken");
    CHECK(words_in(R"({"errors":["x"]})").details == R"(["x"])");
    CHECK(words_in("[]").message.empty());
    CHECK(words_in(R"({"message":7})").message.empty());
}

TEST_CASE("first words are never empty and come from JSON, a title, or the body's beginning") {
    const auto words = [](int status, std::string_view body) {
        return first_words(
            {.status = status, .body = body, .retry_after = {}, .date = {}, .content_type = {}});
    };
    CHECK(words(500, R"({"message":"boom"})") == "HTTP 500: boom");
    CHECK(words(500, R"({"details":"only these"})") == "HTTP 500: only these");
    CHECK(words(502, "<html><head><TITLE>502 Bad\nGateway</title></head>…") == "HTTP 502: 502 Bad Gateway");
    CHECK(words(503, "upstream connect error") == "HTTP 503: upstream connect error");
    CHECK(words(500, "[]") == "HTTP 500: []");
    CHECK(words(204, "") == "HTTP 204: an empty answer");
    CHECK(words(500, "<title") == "HTTP 500: <title");
}
