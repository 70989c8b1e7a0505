#include "daemon/sandbox/rfc3339.h"

#include <doctest/doctest.h>

namespace reeld::sandbox {

namespace {

using namespace std::chrono_literals;

/// 2026-05-25T08:30:00Z.
constexpr WallTime kMorning = std::chrono::sys_days{std::chrono::year{2026} / 5 / 25} + 8h + 30min;

} // namespace

TEST_CASE("a time is written in UTC with milliseconds") {
    CHECK(to_rfc3339(kMorning + 250'999us) == "2026-05-25T08:30:00.250Z");
    CHECK(to_rfc3339(WallTime{}) == "1970-01-01T00:00:00.000Z");
}

TEST_CASE("a time is read with any fraction and any offset") {
    CHECK(from_rfc3339("2026-05-25T08:30:00Z") == kMorning);
    CHECK(from_rfc3339("2026-05-25t08:30:00z") == kMorning);
    CHECK(from_rfc3339("2026-05-25T08:30:00.25Z") == kMorning + 250ms);
    CHECK(from_rfc3339("2026-05-25T08:30:00.1234567899Z") == kMorning + 123'456us);
    CHECK(from_rfc3339("2026-05-25T10:30:00+02:00") == kMorning);
    CHECK(from_rfc3339("2026-05-25T03:00:00.5-05:30") == kMorning + 500ms);
}

TEST_CASE("what is no time of the calendar is refused") {
    for (const char* text : {"", "now", "2026-05-25", "2026-05-25T08:30:00", "2026-05-25T08:30Z",
                             "2026-02-29T08:30:00Z", "2026-13-01T08:30:00Z", "2026-05-00T08:30:00Z",
                             "2026-05-25T24:00:00Z", "2026-05-25T08:60:00Z", "2026-05-25T08:30:00.Z",
                             "2026-05-25T08:30:00+0200", "2026-05-25T08:30:00Zx", " 2026-05-25T08:30:00Z"}) {
        CAPTURE(text);
        CHECK_FALSE(from_rfc3339(text).has_value());
    }
}

TEST_CASE("an HTTP date has the day's name and no fraction") {
    CHECK(to_http_date(kMorning + 999ms) == "Mon, 25 May 2026 08:30:00 GMT");
}

} // namespace reeld::sandbox
