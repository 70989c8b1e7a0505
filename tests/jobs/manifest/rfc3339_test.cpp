#include "jobs/manifest/rfc3339.h"

#include <doctest/doctest.h>

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
