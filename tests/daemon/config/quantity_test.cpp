#include "daemon/config/quantity.h"

#include <doctest/doctest.h>

using namespace reeld;
using namespace std::chrono_literals;

TEST_CASE("a duration is a whole number and its unit") {
    CHECK(parse_duration("500ms") == Duration{500ms});
    CHECK(parse_duration("60s") == Duration{60s});
    CHECK(parse_duration("2m") == Duration{2min});
    CHECK(parse_duration("1h") == Duration{1h});
    CHECK(parse_duration("0s") == Duration{0s});
}

TEST_CASE("nothing else is a duration") {
    for (const std::string_view text :
         {"", "s", "60", "fast", "-1s", "+1s", "1.5s", "1 s", " 1s", "1s ", "1S", "1d", "1us", "1m30s",
          "99999999999999999999s", "9223372036854775807h"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_duration(text));
    }
}

TEST_CASE("a duration is written in the shortest exact form, which reads back") {
    CHECK(format_duration(90s) == "90s");
    CHECK(format_duration(120s) == "2m");
    CHECK(format_duration(24h) == "24h");
    CHECK(format_duration(1500ms) == "1500ms");
    CHECK(format_duration(0s) == "0ms");
    for (const Duration duration : {Duration{1ms}, Duration{59s}, Duration{3h}, Duration{3600001ms}})
        CHECK(parse_duration(format_duration(duration)) == duration);
}

TEST_CASE("a size is bytes, plain or with a unit of two's powers") {
    CHECK(parse_bytes("0") == 0U);
    CHECK(parse_bytes("65536") == 65536U);
    CHECK(parse_bytes("512KiB") == 512U * 1024);
    CHECK(parse_bytes("64MiB") == 64U * 1024 * 1024);
    CHECK(parse_bytes("1GiB") == 1024U * 1024 * 1024);
    for (const std::string_view text :
         {"", "MiB", "64MB", "64M", "64 MiB", "-1", "1.5GiB", "99999999999GiB", "64mib"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_bytes(text));
    }
}

TEST_CASE("a size is written in the shortest exact form, which reads back") {
    CHECK(format_bytes(1U << 20) == "1MiB");
    CHECK(format_bytes(1U << 30) == "1GiB");
    CHECK(format_bytes(1000) == "1000");
    CHECK(format_bytes(0) == "0");
    CHECK(parse_bytes(format_bytes(1536)) == 1536U);
}
