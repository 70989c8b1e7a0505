#include "jobs/eachlabs/http_date.h"

#include <doctest/doctest.h>

using namespace reeld;
using namespace reeld::eachlabs;
using namespace std::chrono;

TEST_CASE("each form of an HTTP date names the same instant") {
    const WallTime time = sys_days{1994y / 11 / 6} + 8h + 49min + 37s;
    for (const std::string_view text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                                        "Sun Nov  6 08:49:37 1994", " \tSun, 06 Nov 1994 08:49:37 GMT\t "}) {
        CAPTURE(text);
        CHECK(read_http_date(text) == time);
    }
}

TEST_CASE("the obsolete form's two digits are a year between 1969 and 2068") {
    CHECK(read_http_date("Friday, 01-Jan-69 00:00:00 GMT") == WallTime{sys_days{1969y / 1 / 1}});
    CHECK(read_http_date("Sunday, 01-Jan-68 00:00:00 GMT") == WallTime{sys_days{2068y / 1 / 1}});
}

TEST_CASE("a leap second of an HTTP date is the first second of the next minute") {
    CHECK(read_http_date("Sat, 31 Dec 2016 23:59:60 GMT") == WallTime{sys_days{2017y / 1 / 1}});
}

TEST_CASE("what is no HTTP date is no instant") {
    for (const std::string_view text :
         {"", " ", "yesterday", "784111777", "1994-11-06T08:49:37Z", "Sun, 31 Feb 1994 08:49:37 GMT",
          "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
          "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT"}) {
        CAPTURE(text);
        CHECK_FALSE(read_http_date(text));
    }
}
