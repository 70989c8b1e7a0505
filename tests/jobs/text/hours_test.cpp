#include "jobs/text/hours.h"

#include <doctest/doctest.h>
#include <string>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t kWorkdays = 0b0011111;
constexpr std::uint8_t kWeekend = 0b1100000;

HoursWindow only(std::string_view text) {
    const auto windows = parse_hours(text);
    REQUIRE(windows.has_value());
    REQUIRE(windows->size() == 1);
    return windows->front();
}

} // namespace

TEST_CASE("hours are a time to a time, over midnight when the second is not later") {
    CHECK(only("09:00-17:30") == HoursWindow{.from = 9h, .length = 8h + 30min, .zone = ""});
    CHECK(only("22:00-06:00") == HoursWindow{.from = 22h, .length = 8h, .zone = ""});
    CHECK(only("00:00-24:00").length == 24h);
    CHECK(only("7:00-7:00").length == 24h);
    CHECK(only("  22:00-06:00   Europe/Istanbul ").zone == "Europe/Istanbul");
}

TEST_CASE("days of the week are single ones, ranges also over Sunday, and lists of both") {
    CHECK(only("mon-fri 22:00-06:00").days == kWorkdays);
    CHECK(only("sat,sun 22:00-06:00").days == kWeekend);
    CHECK(only("Sat-Mon 22:00-06:00").days == 0b1100001);
    CHECK(only("tue,thu-fri 22:00-06:00 UTC").days == 0b0011010);
    CHECK(only("22:00-06:00").days == 0b1111111);
}

TEST_CASE("several windows are separated by semicolons, and those without a zone have a neighbour's") {
    const auto windows = parse_hours("mon-fri 22:00-06:00; sat,sun 00:00-24:00 Asia/Tokyo; 12:00-13:00");
    REQUIRE(windows.has_value());
    REQUIRE(windows->size() == 3);
    CHECK((*windows)[0].zone == "Asia/Tokyo");
    CHECK((*windows)[1].days == kWeekend);
    CHECK((*windows)[2].zone == "Asia/Tokyo");
}

TEST_CASE("what is no hours is refused whole") {
    for (const std::string text : {"",
                                   " ",
                                   ";",
                                   "22:00",
                                   "22-06",
                                   "22:00-6:0",
                                   "25:00-06:00",
                                   "24:00-06:00",
                                   "22:60-06:00",
                                   "-1:00-06:00",
                                   "22:00-06:00-07:00",
                                   "22:00 - 06:00",
                                   "mon 22:00-06:00 UTC more",
                                   "montag 22:00-06:00",
                                   "mon- 22:00-06:00",
                                   "mon, 22:00-06:00",
                                   ", 22:00-06:00",
                                   "mon-fri",
                                   "22:00-06:00 Europe/Ist anbul",
                                   "22:00-06:00 ../etc",
                                   "22:00-06:00;",
                                   "any",
                                   "22:00-24:30",
                                   "+9:00-10:00"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_hours(text).has_value());
    }
}

TEST_CASE("a text that is longer than any hours need is none, however little it says") {
    const std::string blanks(kHoursBytesMax - 11, ' ');
    CHECK(parse_hours("22:00-06:00" + blanks).has_value());
    CHECK_FALSE(parse_hours("22:00-06:00" + blanks + ' ').has_value());
    std::string days = "mon";
    while (days.size() < kHoursBytesMax) days += ",mon";
    CHECK_FALSE(parse_hours(days + " 22:00-06:00").has_value());
}

TEST_CASE("a zone that is not among those known is named") {
    const std::vector<std::string> zones = {"Asia/Tokyo", "Europe/Istanbul"};
    const auto windows =
        parse_hours("mon 1:00-2:00 Asia/Tokyo; tue 1:00-2:00 Europe/Istambul; wed 1:00-2:00");
    REQUIRE(windows.has_value());
    CHECK(unknown_zone(*windows, zones) == std::optional<std::string>("Europe/Istambul"));
    CHECK_FALSE(unknown_zone(*parse_hours("1:00-2:00"), zones).has_value());
}

} // namespace reeld::test
