#include "daemon/http/header_check.h"

#include <doctest/doctest.h>
#include <initializer_list>

namespace reeld::http {

namespace {

int status(std::initializer_list<std::pair<const char*, const char*>> headers, bool chunked = true) {
    HeaderCheck check;
    for (const auto& [name, value] : headers) check.add(name, value);
    const auto refusal = check.refusal({.body_bytes_max = 100, .chunked_bodies = chunked});
    return refusal ? refusal->status : 200;
}

} // namespace

TEST_CASE("one host and one way to find the end of the request are accepted, in either case of the letters") {
    CHECK(status({{"Host", "h"}}) == 200);
    CHECK(status({{"HOST", "h"}, {"content-length", "100"}, {"X-Other", "1"}, {"X-Other", "2"}}) == 200);
    CHECK(status({{"host", "h"}, {"Transfer-Encoding", "Chunked"}}) == 200);
}

TEST_CASE("no host, and two hosts, are refused") {
    CHECK(status({}) == 400);
    CHECK(status({{"Host", "h"}, {"host", "h"}}) == 400);
}

TEST_CASE("whatever leaves the end of the request open to two readings is refused") {
    CHECK(status({{"Host", "h"}, {"Content-Length", "1"}, {"Content-Length", "1"}}) == 400);
    CHECK(status({{"Host", "h"}, {"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}}) == 400);
    CHECK(status({{"Host", "h"}, {"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}) == 400);
    CHECK(status({{"Host", "h"}, {"Transfer-Encoding", "gzip"}}) == 400);
    for (const char* length : {"", "-1", "+1", "1x", "0x1", " 1", "1,1", "99999999999999999999"}) {
        CAPTURE(length);
        CHECK(status({{"Host", "h"}, {"Content-Length", length}}) == 400);
    }
}

TEST_CASE("names that are no tokens and values with control characters are refused") {
    for (const char* name : {"", "X Y", "X ", "X\t", " X", "X(", "X\x80", "X:Y"}) {
        CAPTURE(name);
        CHECK(status({{"Host", "h"}, {name, "1"}}) == 400);
    }
    for (const char* value : {"a\rb", "a\nb", "a\x01", "\x7f"}) {
        CAPTURE(value);
        CHECK(status({{"Host", "h"}, {"X", value}}) == 400);
    }
    CHECK(status({{"Host", "h"}, {"X", "a\tb \xc3\xa9"}}) == 200);
}

TEST_CASE("a Host that names no host is refused") {
    for (const char* host : {"localhost", "127.0.0.1:8080", "[::1]:8080", ""})
        CHECK(status({{"Host", host}}) == 200);
    for (const char* host : {"a/b", "a@b", "a,b", "a?b", "a\\b"}) CHECK(status({{"Host", host}}) == 400);
}

TEST_CASE("what decides on a request's rights may come but once") {
    for (const char* name :
         {"Origin", "authorization", "Sec-Fetch-Site", "Content-Type", "Cookie", "Range"}) {
        CAPTURE(name);
        CHECK(status({{"Host", "h"}, {name, "1"}}) == 200);
        CHECK(status({{"Host", "h"}, {name, "1"}, {name, "1"}}) == 400);
    }
}

TEST_CASE("a chunked body is refused where bodies must announce their length") {
    CHECK(status({{"Host", "h"}, {"Transfer-Encoding", "chunked"}}, false) == 411);
}

TEST_CASE("a body that announces more than the limit is too large") {
    CHECK(status({{"Host", "h"}, {"Content-Length", "101"}}) == 413);
}

} // namespace reeld::http
