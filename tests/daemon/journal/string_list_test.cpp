#include "daemon/journal/string_list.h"

#include <doctest/doctest.h>

using namespace reeld;
using namespace std::string_literals;

TEST_CASE("a list of strings comes back whatever is in it") {
    const std::vector<std::string> strings = {"", "plain", "\"quoted\" \\ \n", "caf\u00E9", "nul\0inside"s};
    CHECK(decode_strings(encode_strings(strings)) == strings);
    CHECK(decode_strings(encode_strings({})) == std::vector<std::string>{});
}

TEST_CASE("a list of strings with invalid UTF-8 is mended, not made unreadable") {
    const std::vector<std::string> strings = {"a\xFF"};
    CHECK(decode_strings(encode_strings(strings)) == std::vector<std::string>{"a\uFFFD"});
}

TEST_CASE("text that is no array of strings is refused") {
    for (const char* text : {"", "{}", "[1]", "[\"a\"", "[null]", "\"a\"", "[\"a\"] x"}) {
        CAPTURE(text);
        CHECK_FALSE(decode_strings(text).has_value());
    }
    CHECK_FALSE(decode_strings(std::string(1'000'000, '[')).has_value());
}
