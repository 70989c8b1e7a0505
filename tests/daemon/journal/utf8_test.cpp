#include "daemon/journal/utf8.h"

#include <doctest/doctest.h>

using reeld::valid_utf8;
using namespace std::string_literals;

TEST_CASE("valid UTF-8 comes back as it is, NUL and four-byte characters included") {
    const std::string text = "caf\u00E9 \u20AC \U0001F3AC\0 \u007F \uFFFF \U0010FFFF"s;
    CHECK(valid_utf8(text) == text);
    CHECK(valid_utf8("").empty());
}

TEST_CASE("each byte that belongs to no valid sequence becomes one replacement character") {
    CHECK(valid_utf8("a\xFFz") == "a\uFFFDz");
    CHECK(valid_utf8("\x80") == "\uFFFD");
    CHECK(valid_utf8("\xC3(") == "\uFFFD(");
    CHECK(valid_utf8("\xE2\x82") == "\uFFFD\uFFFD");
}

TEST_CASE("overlong forms, surrogates and characters above U+10FFFF are not valid") {
    CHECK(valid_utf8("\xC0\x80") == "\uFFFD\uFFFD");
    CHECK(valid_utf8("\xE0\x80\x80") == "\uFFFD\uFFFD\uFFFD");
    CHECK(valid_utf8("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
    CHECK(valid_utf8("\xF4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
    CHECK(valid_utf8("\xF5\x80\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
}
