#include "daemon/hours/open_spans.h"

#include "jobs/text/rfc3339.h"
#include "tests/support/scoped_env.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>

namespace reeld::test {

namespace {

WallTime at(const std::string& text) {
    const auto time = read_rfc3339(text);
    REQUIRE(time.has_value());
    return *time;
}

std::vector<WallSpan> spans(const std::string& hours, const std::string& from, int days = 1) {
    return open_spans(*parse_hours(hours), at(from), std::chrono::days{days});
}

WallSpan span(const std::string& from, const std::string& until) {
    return {.from = at(from), .until = at(until)};
}

} // namespace

TEST_CASE("a night runs over midnight, in its zone") {
    // Istanbul is three hours ahead of UTC, all year.
    const auto nights = spans("22:00-06:00 Europe/Istanbul", "2026-11-28T12:00:00Z");
    REQUIRE(nights.size() >= 2);
    CHECK(nights[0] == span("2026-11-28T19:00:00Z", "2026-11-29T03:00:00Z"));
    CHECK(nights[1] == span("2026-11-29T19:00:00Z", "2026-11-30T03:00:00Z"));
}

TEST_CASE("a night that has begun yesterday is told when it is not over") {
    CHECK(spans("22:00-06:00 UTC", "2026-11-28T05:59:59Z")[0] ==
          span("2026-11-27T22:00:00Z", "2026-11-28T06:00:00Z"));
    CHECK(spans("22:00-06:00 UTC", "2026-11-28T06:00:00Z")[0].from == at("2026-11-28T22:00:00Z"));
}

TEST_CASE("a day of the week is that on which the window begins, by the zone's calendar") {
    // A Friday. In Auckland it is Saturday already.
    const auto weekend = spans("sat 00:00-24:00 Pacific/Auckland", "2026-11-27T12:00:00Z", 3);
    REQUIRE(weekend.size() == 1);
    CHECK(weekend[0] == span("2026-11-27T11:00:00Z", "2026-11-28T11:00:00Z"));
    // Begun on a Friday, it lasts into Saturday.
    CHECK(spans("fri 22:00-06:00 UTC", "2026-11-28T01:00:00Z")[0].until == at("2026-11-28T06:00:00Z"));
}

TEST_CASE("in the night when the clock is put back the hours are one longer, and one shorter in spring") {
    // Berlin: 2026-10-25 03:00 becomes 02:00; 2026-03-29 02:00 becomes 03:00.
    CHECK(spans("22:00-06:00 Europe/Berlin", "2026-10-24T12:00:00Z")[0] ==
          span("2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z"));
    CHECK(spans("22:00-06:00 Europe/Berlin", "2026-03-28T12:00:00Z")[0] ==
          span("2026-03-28T21:00:00Z", "2026-03-29T04:00:00Z"));
}

TEST_CASE("a window without a zone goes by $TZ where it names one, as in a container") {
    const auto first = [](const std::string& zone) {
        const ScopedEnv set("TZ", zone);
        return spans("22:00-06:00", "2026-11-28T12:00:00Z")[0];
    };
    const auto istanbul = span("2026-11-28T19:00:00Z", "2026-11-29T03:00:00Z");
    CHECK(first("Europe/Istanbul") == istanbul);
    CHECK(first(":Europe/Istanbul") == istanbul);
    CHECK(first("UTC") == span("2026-11-28T22:00:00Z", "2026-11-29T06:00:00Z"));
    CHECK_NOTHROW(first("Atlantis/Capital"));
}

TEST_CASE("a time that the clock leaves out is the moment of the change, one shown twice is the first") {
    CHECK(spans("02:30-05:00 Europe/Berlin", "2026-03-29T00:00:00Z")[0] ==
          span("2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z"));
    CHECK(spans("02:30-05:00 Europe/Berlin", "2026-10-25T00:00:00Z")[0] ==
          span("2026-10-25T00:30:00Z", "2026-10-25T04:00:00Z"));
    // All of it is left out.
    CHECK(spans("02:10-02:50 Europe/Berlin", "2026-03-29T00:00:00Z")[0].from == at("2026-03-30T00:10:00Z"));
}

TEST_CASE("windows that touch or overlap are one, in order whatever the order of the words") {
    CHECK(spans("03:00-05:00; 01:00-04:00; 05:00-06:00 UTC", "2026-11-28T00:00:00Z")[0] ==
          span("2026-11-28T01:00:00Z", "2026-11-28T06:00:00Z"));
    const auto whole = spans("00:00-24:00 UTC", "2026-11-28T10:00:00Z", 15);
    REQUIRE(whole.size() == 1);
    CHECK(whole[0].until >= at("2026-12-13T00:00:00Z"));
}

TEST_CASE("a zone that the machine does not know throws, and those it knows are listed in order") {
    CHECK_THROWS_AS(static_cast<void>(spans("22:00-06:00 Mars/Olympus", "2026-11-28T00:00:00Z")),
                    std::runtime_error);
    CHECK(std::ranges::is_sorted(known_zones()));
    for (const std::string zone : {"UTC", "Europe/Istanbul", "America/New_York", "Asia/Calcutta"})
        CHECK(std::ranges::binary_search(known_zones(), zone));
}

} // namespace reeld::test
