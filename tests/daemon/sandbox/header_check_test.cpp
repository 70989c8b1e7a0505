#include "daemon/sandbox/header_check.h"

#include <doctest/doctest.h>
#include <initializer_list>

namespace reeld::sandbox {

namespace {

int status(std::initializer_list<std::pair<const char*, const char*>> headers) {
    HeaderCheck check;
    for (const auto& [name, value] : headers) check.add(name, value);
    const auto problem = check.problem(100);
    return problem ? problem->status : 200;
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

TEST_CASE("a body that announces more than the limit is too large") {
    CHECK(status({{"Host", "h"}, {"Content-Length", "101"}}) == 413);
}

} // namespace reeld::sandbox
