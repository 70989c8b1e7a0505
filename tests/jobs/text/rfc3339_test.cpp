#include "jobs/text/rfc3339.h"

#include <doctest/doctest.h>
#include <string>

using namespace reeld;
using namespace std::chrono;

TEST_CASE("an instant is written in UTC with milliseconds, padded with zeros") {
    CHECK(rfc3339(WallTime{}) == "1970-01-01T00:00:00.000Z");
    CHECK(rfc3339(sys_days{2026y / 11 / 23} + 1h + 2min + 3s + 4ms) == "2026-11-23T01:02:03.004Z");
    CHECK(rfc3339(sys_days{2028y / 2 / 29} + 23h + 59min + 59s) == "2028-02-29T23:59:59.000Z");
}

TEST_CASE("an instant is never written later than it is, before 1970 neither") {
    CHECK(rfc3339(WallTime{1'999us}) == "1970-01-01T00:00:00.001Z");
    CHECK(rfc3339(WallTime{-1us}) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("an instant outside the years of RFC 3339 becomes the nearest inside") {
    CHECK(rfc3339(WallTime::max()) == "9999-12-31T23:59:59.999Z");
    CHECK(rfc3339(WallTime::min()) == "0000-01-01T00:00:00.000Z");
}

TEST_CASE("an instant is read in every spelling of RFC 3339") {
    const WallTime morning = sys_days{2026y / 11 / 23} + 8h + 30min;
    struct Row {
        std::string_view text;
        WallTime time;
    };
    for (const Row& row :
         {Row{"2026-11-23T08:30:00Z", morning}, Row{"2026-11-23t08:30:00z", morning},
          Row{"2026-11-23T10:30:00+02:00", morning}, Row{"2026-11-23T03:00:00-05:30", morning},
          Row{"2026-11-23T08:30:00-00:00", morning}, Row{"2026-11-24T08:29:00+23:59", morning},
          Row{"2026-11-22T08:31:00-23:59", morning}, Row{"1970-01-01T00:00:00Z", WallTime{}},
          Row{"2028-02-29T23:59:59Z", sys_days{2028y / 3 / 1} - 1s},
          Row{"9999-12-31T23:59:59.999999Z", sys_days{10'000y / 1 / 1} - 1us}}) {
        CAPTURE(row.text);
        CHECK(read_rfc3339(row.text) == row.time);
    }
}

TEST_CASE("a fraction of any length is rounded down to a microsecond") {
    const WallTime second = sys_days{2026y / 11 / 23};
    CHECK(read_rfc3339("2026-11-23T00:00:00.5Z") == second + 500ms);
    CHECK(read_rfc3339("2026-11-23T00:00:00.050Z") == second + 50ms);
    CHECK(read_rfc3339("2026-11-23T00:00:00.000001Z") == second + 1us);
    CHECK(read_rfc3339("2026-11-23T00:00:00.1234569Z") == second + 123'456us);
    CHECK(read_rfc3339("2026-11-23T00:00:00." + std::string(1000, '9') + "+00:00") == second + 999'999us);
}

TEST_CASE("a leap second is the first second of the next day, and stands nowhere else") {
    CHECK(read_rfc3339("2016-12-31T23:59:60Z") == WallTime{sys_days{2017y / 1 / 1}});
    CHECK(read_rfc3339("2016-12-31T23:59:60.25Z") == sys_days{2017y / 1 / 1} + 250ms);
    CHECK(read_rfc3339("2017-01-01T00:59:60+01:00") == WallTime{sys_days{2017y / 1 / 1}});
    CHECK_FALSE(read_rfc3339("2016-12-31T23:58:60Z"));
    CHECK_FALSE(read_rfc3339("2016-12-31T23:59:60+01:00"));
    CHECK_FALSE(read_rfc3339("9999-12-31T23:59:60Z"));
}

TEST_CASE("what is written is read back as it was, to the millisecond") {
    for (const WallTime time : {WallTime{}, WallTime{sys_days{2000y / 2 / 29} + 23h + 1ms},
                                WallTime{sys_days{2026y / 7 / 1} + 12h + 34min + 56s + 789ms}})
        CHECK(read_rfc3339(rfc3339(time)) == time);
}

TEST_CASE("what is no RFC 3339 date and time is no instant") {
    for (const std::string_view text : {"",
                                        "now",
                                        "2026-11-23",
                                        "2026-11-23T08:30Z",
                                        "2026-11-23T08:30:00",
                                        "2026-11-23 08:30:00Z",
                                        "2026-11-23T08:30:00 Z",
                                        " 2026-11-23T08:30:00Z",
                                        "2026-11-23T08:30:00Z ",
                                        "2026-11-23T08:30:00ZZ",
                                        "2026-11-23T08:30:00.Z",
                                        "2026-11-23T08:30:00,5Z",
                                        "2026-11-23T08:30:00.5",
                                        "2026-11-23T08:30:00.-5Z",
                                        "2026-11-23T08:30:00+2:00",
                                        "2026-11-23T08:30:00+0200",
                                        "2026-11-23T08:30:00+02",
                                        "2026-11-23T08:30:00+24:00",
                                        "2026-11-23T08:30:00+02:60",
                                        "2026-11-23T08:30:00+",
                                        "2026-11-23T24:00:00Z",
                                        "2026-11-23T08:60:00Z",
                                        "2026-11-23T08:30:61Z",
                                        "2026-13-23T08:30:00Z",
                                        "2026-00-23T08:30:00Z",
                                        "2026-11-00T08:30:00Z",
                                        "2026-11-31T08:30:00Z",
                                        "2027-02-29T08:30:00Z",
                                        "26-11-23T08:30:00Z",
                                        "20261-11-23T08:30:00Z",
                                        "+202-11-23T08:30:00Z",
                                        "-026-11-23T08:30:00Z",
                                        "2026-1-23T08:30:00Z",
                                        "2026-11-23T8:30:00Z",
                                        "1969-12-31T23:59:59Z",
                                        "1970-01-01T00:59:59+01:00",
                                        "9999-12-31T23:59:59-00:01",
                                        "20261123T083000Z"}) {
        CAPTURE(text);
        CHECK_FALSE(read_rfc3339(text));
    }
}
