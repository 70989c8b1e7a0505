#include "jobs/eachlabs/retry_after.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace reeld;
using namespace reeld::eachlabs;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kAnswered = "Sun, 06 Nov 1994 08:49:37 GMT";

} // namespace

TEST_CASE("Retry-After in seconds is a wait in seconds, up to a day and not below zero") {
    struct Row {
        std::string_view text;
        Duration wait;
    };
    const std::vector<Row> rows = {
        {"0", 0s},
        {"17", 17s},
        {" 60\t", 60s},
        {"1.5", 1500ms},
        {"-5", 0s},
        {"-0.1", 0s},
        {"86400", 24h},
        {"86401", 24h},
        {"007", 7s},
        {"0.000001", 1us},
        {"99999999999999999999", 24h},
        {std::string_view{"1"}, 1s},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(read_retry_after(row.text, "") == row.wait);
    }
    CHECK(read_retry_after("1" + std::string(400, '0'), "") == Duration{24h});
}

TEST_CASE("Retry-After as a date, in each form of RFC 9110, is taken against the answer's own date") {
    for (const std::string_view text :
         {"Sun, 06 Nov 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:50:37 GMT", "Sun Nov  6 08:50:37 1994"}) {
        CAPTURE(text);
        CHECK(read_retry_after(text, kAnswered) == Duration{60s});
        CHECK(read_retry_after("Sun, 06 Nov 1994 08:51:37 GMT", text) == Duration{60s});
    }
}

TEST_CASE("Retry-After as a date crosses midnight, leap days and years") {
    CHECK(read_retry_after("Sat, 01 Jan 2028 00:00:05 GMT", "Fri, 31 Dec 2027 23:59:55 GMT") ==
          Duration{10s});
    CHECK(read_retry_after("Tue, 29 Feb 2028 00:00:00 GMT", "Mon, 28 Feb 2028 23:59:00 GMT") ==
          Duration{60s});
    CHECK(read_retry_after("Wed, 01 Mar 2028 00:00:00 GMT", "Tue, 29 Feb 2028 23:59:00 GMT") ==
          Duration{60s});
}

TEST_CASE("a date in the past means at once, a date far ahead means a day") {
    CHECK(read_retry_after("Sun, 06 Nov 1994 08:49:36 GMT", kAnswered) == Duration::zero());
    CHECK(read_retry_after("Sun, 06 Nov 2094 08:49:36 GMT", kAnswered) == Duration{24h});
}

TEST_CASE("a date says nothing without the provider's own date beside it") {
    CHECK_FALSE(read_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", ""));
    CHECK_FALSE(read_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", "yesterday"));
}

TEST_CASE("nonsense in Retry-After is no wait at all") {
    for (const std::string_view text : {"",
                                        " ",
                                        "soon",
                                        "30s",
                                        "1e5",
                                        "+5",
                                        "-",
                                        ".5",
                                        "0x10",
                                        "1,5",
                                        "nan",
                                        "inf",
                                        "12 13",
                                        "Sun, 31 Feb 1994 08:49:37 GMT",
                                        "Sun, 06 Nov 1994 24:00:00 GMT",
                                        "Sun, 06 Nov 1994 08:60:37 GMT",
                                        "Sun, 06 Nov 1994 08:49:37 CET",
                                        "Sun, 06 Nov 1994 08:49:37",
                                        "Sun, 06 Foo 1994 08:49:37 GMT",
                                        "Sun, 06 Nov 19940 08:49:37 GMT",
                                        "Sun, 06 Nov 1994 08:49:37 GMT GMT",
                                        "Sun, 99999999999 Nov 94 1:2:3 GMT"}) {
        CAPTURE(text);
        CHECK_FALSE(read_retry_after(text, kAnswered));
    }
}
