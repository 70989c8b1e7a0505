#include "jobs/text/utf8.h"

#include <doctest/doctest.h>

using namespace reeld;
using namespace std::string_literals;

TEST_CASE("well-formed text of every length passes unchanged") {
    const std::string text =
        "a\x7F \xC2\x80 \xDF\xBF \xE0\xA0\x80 \xED\x9F\xBF \xEF\xBF\xBF \xF0\x90\x80\x80 "
        "\xF4\x8F\xBF\xBF";
    CHECK(mend_utf8(text) == text);
    CHECK(mend_utf8("") == "");
    CHECK(mend_utf8(std::string("a\0b", 3)) == std::string("a\0b", 3));
}

TEST_CASE("a text is ASCII when each of its bytes is, wherever one that is not stands") {
    CHECK(is_ascii(""));
    CHECK(is_ascii(std::string("a\0\x7F", 3)));
    for (std::size_t at = 0; at < 40; ++at) {
        std::string text(40, 'a');
        text[at] = '\x80';
        CHECK_FALSE(is_ascii(text));
    }
}

TEST_CASE("each byte that is no part of a well-formed character becomes U+FFFD") {
    const std::string bad = "\xEF\xBF\xBD";
    CHECK(mend_utf8("\x80") == bad);                               // A continuation on its own.
    CHECK(mend_utf8("\xC0\xAF") == bad + bad);                     // Overlong slash.
    CHECK(mend_utf8("\xE0\x9F\xBF") == bad + bad + bad);           // Overlong in three bytes.
    CHECK(mend_utf8("\xED\xA0\x80") == bad + bad + bad);           // A surrogate.
    CHECK(mend_utf8("\xF4\x90\x80\x80") == bad + bad + bad + bad); // Above U+10FFFF.
    CHECK(mend_utf8("\xFF!") == bad + "!");
    CHECK(mend_utf8("x\xE2\x82") == "x" + bad + bad); // Cut off at the end.
    CHECK(mend_utf8("\xE2\x82z") == bad + bad + "z"); // Cut off in the middle.
}

TEST_CASE("valid UTF-8 comes back as it is, NUL and four-byte characters included") {
    const std::string text = "caf\u00E9 \u20AC \U0001F3AC\0 \u007F \uFFFF \U0010FFFF"s;
    CHECK(mend_utf8(text) == text);
    CHECK(mend_utf8("").empty());
}

TEST_CASE("each byte that belongs to no valid sequence becomes one replacement character") {
    CHECK(mend_utf8("a\xFFz") == "a\uFFFDz");
    CHECK(mend_utf8("\x80") == "\uFFFD");
    CHECK(mend_utf8("\xC3(") == "\uFFFD(");
    CHECK(mend_utf8("\xE2\x82") == "\uFFFD\uFFFD");
}

TEST_CASE("overlong forms, surrogates and characters above U+10FFFF are not valid") {
    CHECK(mend_utf8("\xC0\x80") == "\uFFFD\uFFFD");
    CHECK(mend_utf8("\xE0\x80\x80") == "\uFFFD\uFFFD\uFFFD");
    CHECK(mend_utf8("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
    CHECK(mend_utf8("\xF4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
    CHECK(mend_utf8("\xF5\x80\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("UTF-8 is judged as the Unicode standard has it") {
    CHECK_FALSE(first_invalid_utf8("a\xC3\xA9\xE5\x8C\x97\xF0\x9F\x9A\xA2"));
    CHECK(first_invalid_utf8("ab\xC0\x80") == 2);       // overlong
    CHECK(first_invalid_utf8("\xE0\x80\x80") == 0);     // overlong
    CHECK(first_invalid_utf8("\xED\xA0\x80") == 0);     // a surrogate
    CHECK(first_invalid_utf8("\xF4\x90\x80\x80") == 0); // above U+10FFFF
    CHECK(first_invalid_utf8("a\xE5\x8C") == 1);        // cut off
    CHECK(first_invalid_utf8("\x80") == 0);
    CHECK(count_characters("é北\xFF") == 3);
}
