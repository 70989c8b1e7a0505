#include "daemon/control/browser_rules.h"

#include <doctest/doctest.h>

namespace reeld::test {

TEST_CASE("a daemon is called by its address, by localhost and by its configured names, and by no other") {
    const Config::HttpPort config{.listen = ListenAddress{.address = "10.0.0.7", .port = 8787},
                                  .hosts = {"Reeld.test"}};
    for (const char* host : {"10.0.0.7:8787", "10.0.0.7", "localhost:8787", "127.0.0.1", "[::1]:8787",
                             "[::1]", "reeld.test", "REELD.TEST:80"}) {
        CAPTURE(host);
        CHECK(is_called(host, config));
    }
    for (const char* host : {"", "evil.test", "reeld.test.evil.test", "10.0.0.70:8787", ":8787", "[::2]"}) {
        CAPTURE(host);
        CHECK_FALSE(is_called(host, config));
    }
    CHECK(is_called("[fe80::1]:8787",
                    {.listen = ListenAddress{.address = "fe80::1", .port = 8787}, .hosts = {}}));
}

TEST_CASE("a request is of this machine by its address and by its name, not by one of them") {
    const auto of = [](std::string_view host, std::string address) {
        http::Request request;
        request.headers = {{"Host", host}};
        request.peer.address = std::move(address);
        return is_of_this_machine(request);
    };
    CHECK(of("127.0.0.1:8787", "127.0.0.1"));
    CHECK(of("127.0.0.2", "127.0.0.9"));
    CHECK(of("Localhost:8787", "::1"));
    CHECK(of("[::1]:8787", "::1"));
    CHECK_FALSE(of("localhost:8787", "10.0.0.9"));
    CHECK_FALSE(of("10.0.0.7:8787", "127.0.0.1"));
    CHECK_FALSE(of("reeld.test", "127.0.0.1"));
    CHECK_FALSE(of("127.0.0.1.evil.test", "127.0.0.1"));
    CHECK_FALSE(of("127.0.0.1", ""));
}

TEST_CASE("a request that says that it was passed on is not of this machine, whatever its Host") {
    for (const char* name :
         {"Forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Proto", "X-Real-IP", "Via"}) {
        CAPTURE(name);
        http::Request request;
        request.peer.address = "127.0.0.1";
        request.headers = {{"Host", "127.0.0.1:8787"}};
        CHECK(is_of_this_machine(request));
        request.headers.emplace_back(name, "203.0.113.9");
        CHECK_FALSE(is_of_this_machine(request));
    }
}

TEST_CASE("cookies are found by their whole name, all of them") {
    using Values = std::vector<std::string_view>;
    CHECK(cookies_in("reeld_8787=a", "reeld_8787") == Values{"a"});
    CHECK(cookies_in("x=1; reeld_8787=a; y=2", "reeld_8787") == Values{"a"});
    CHECK(cookies_in("x=1;reeld_8787=", "reeld_8787") == Values{""});
    CHECK(cookies_in("reeld_87870=b; reeld_8787=a; reeld_8787=c", "reeld_8787") == Values{"a", "c"});
    for (const char* header : {"", ";;;", "reeld_8787", "xreeld_8787=a", "x=reeld_8787=a", "REELD_8787=a"}) {
        CAPTURE(header);
        CHECK(cookies_in(header, "reeld_8787").empty());
    }
}

} // namespace reeld::test
