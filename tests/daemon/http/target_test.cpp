#include "daemon/http/target.h"

#include <doctest/doctest.h>

namespace reeld::http {

namespace {

std::string path_of(std::string_view raw) {
    const auto target = read_target(raw);
    return std::holds_alternative<Target>(target) ? std::get<Target>(target).path : "refused";
}

} // namespace

TEST_CASE("a path is decoded once") {
    CHECK(path_of("/") == "/");
    CHECK(path_of("/a%2Fb") == "/a/b");
    CHECK(path_of("/%2525") == "/%25");
    CHECK(path_of("/a+b") == "/a+b");
    CHECK(path_of("/a?/../b") == "/a");
}

TEST_CASE("a path that could mean another place, or disturb its reader, is refused") {
    for (const char* raw :
         {"",     "*",  "a",   "?/",   "http://h/", "/..", "/../",  "/a/..", "/%2e.", "/a%2F..",   "/%00",
          "/%1f", "/%", "/%1", "/%g0", "/ ",        "/#",  "/\x7f", "/\x80", "/%80",  "/%ed%a0%80"}) {
        CAPTURE(raw);
        CHECK(path_of(raw) == "refused");
    }
}

TEST_CASE("a query is pairs in their order, decoded") {
    const auto target = std::get<Target>(read_target("/?a=b=c&d&e=+%2B&"));
    REQUIRE(target.query.size() == 3);
    CHECK(target.query[0] == std::pair<std::string, std::string>{"a", "b=c"});
    CHECK(target.query[1] == std::pair<std::string, std::string>{"d", ""});
    CHECK(target.query[2] == std::pair<std::string, std::string>{"e", " +"});
}

} // namespace reeld::http
