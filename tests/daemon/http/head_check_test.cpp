#include "daemon/http/head_check.h"

#include <doctest/doctest.h>
#include <string>

namespace reeld::http {

using namespace std::string_literals;

TEST_CASE("the version whose memory is read is the one of Debian 12") {
    CHECK(reads_in_place());
}

TEST_CASE("a head is strict when every line ended with both bytes and named its header") {
    CHECK(is_strict("Host\0 h\0\0\0\0"s, 1));
    CHECK(is_strict("Host\0h\0\0X\0\0\0\0\0"s, 2));
    CHECK(is_strict("\0\0"s, 0));
}

TEST_CASE("a head that ended a line otherwise, or holds a NUL, is not strict") {
    for (const std::string& fields : {
             "Host\0 h\0X\0 y\0\0\0\0"s,     // A bare line feed.
             "Host\0 h\0\0\0"s,              // Of the last lines.
             "Host\0 h\0\0"s,                // Of both of them.
             "Host\0 a\0b\0\0\0\0"s,         // A NUL in the value.
             "Host\0 a\0\0\0\0\0"s,          // At its end.
             "Host\0 a\0\0X\0 b\0\0\0\0"s,   // One that looks like another header.
             "Host\0 a\0\0 folded\0\0\0\0"s, // A folded line.
             "Host \0 a\0\0\0\0"s,           // A blank before the colon.
             "\0 a\0\0\0\0"s,                // No name.
             "Host"s,
             ""s,
         }) {
        CAPTURE(fields);
        CHECK_FALSE(is_strict(fields, 1));
    }
}

} // namespace reeld::http
