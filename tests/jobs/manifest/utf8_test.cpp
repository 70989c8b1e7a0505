#include "jobs/manifest/utf8.h"

#include <doctest/doctest.h>

using namespace reeld;

TEST_CASE("well-formed text of every length passes unchanged") {
    const std::string text =
        "a\x7F \xC2\x80 \xDF\xBF \xE0\xA0\x80 \xED\x9F\xBF \xEF\xBF\xBF \xF0\x90\x80\x80 "
        "\xF4\x8F\xBF\xBF";
    CHECK(repair_utf8(text) == text);
    CHECK(repair_utf8("") == "");
    CHECK(repair_utf8(std::string("a\0b", 3)) == std::string("a\0b", 3));
}

TEST_CASE("each byte that is no part of a well-formed character becomes U+FFFD") {
    const std::string bad = "\xEF\xBF\xBD";
    CHECK(repair_utf8("\x80") == bad);                               // A continuation on its own.
    CHECK(repair_utf8("\xC0\xAF") == bad + bad);                     // Overlong slash.
    CHECK(repair_utf8("\xE0\x9F\xBF") == bad + bad + bad);           // Overlong in three bytes.
    CHECK(repair_utf8("\xED\xA0\x80") == bad + bad + bad);           // A surrogate.
    CHECK(repair_utf8("\xF4\x90\x80\x80") == bad + bad + bad + bad); // Above U+10FFFF.
    CHECK(repair_utf8("\xFF!") == bad + "!");
    CHECK(repair_utf8("x\xE2\x82") == "x" + bad + bad); // Cut off at the end.
    CHECK(repair_utf8("\xE2\x82z") == bad + bad + "z"); // Cut off in the middle.
}
