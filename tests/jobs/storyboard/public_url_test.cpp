#include "jobs/storyboard/ip_address.h"
#include "jobs/storyboard/public_url.h"

#include <doctest/doctest.h>

using namespace reeld;

TEST_CASE("public https addresses pass") {
    for (const std::string_view url : {
             "https://example.com",
             "https://example.com/a.png",
             "HTTPS://cdn.Example.COM:8443/a%20b.png?x=[1]@y#z",
             "https://xn--bcher-kva.example/",
             "https://example.com./a",
             "https://8.8.8.8/a.png",
             "https://[2606:4700::1111]:443/a.png",
             "https://172.32.0.1/",
             "https://a_b.example.com/",
             "https://10.example.com/",
         }) {
        CAPTURE(url);
        CHECK(why_not_public_url(url) == "");
    }
}

TEST_CASE("what does not begin with https:// and a host is refused") {
    for (const std::string_view url : {
             "",
             "https://",
             "a.png",
             "/films/a.png",
             "file:///a.png",
             "ftp://example.com/a",
             "http://example.com/a.png",
             "data:image/png;base64,AAAA",
             "https:/example.com",
             "//example.com",
         }) {
        CAPTURE(url);
        CHECK(why_not_public_url(url) != "");
    }
}

TEST_CASE("hosts that only a private network knows, and malformed addresses, are refused") {
    for (const std::string_view url : {
             "https:///a",
             "https://localhost",
             "https://localhost:8080/a",
             "https://LOCALHOST./",
             "https://a.localhost/",
             "https://printer.local/",
             "https://x.internal/",
             "https://nas/",
             "https://.com/",
             "https://a..b/",
             "https://user@example.com/",
             "https://user:password@example.com/",
             "https://example.com:port/",
             "https://example.com:123456/",
             "https://exa mple.com/",
             "https://example.com/\n",
             "https://example.com\\@x",
             "https://b\xC3\xBC"
             "cher.example/",
         }) {
        CAPTURE(url);
        CHECK(why_not_public_url(url) != "");
    }
}

TEST_CASE("IPv4 addresses that are not public, in any spelling, are refused") {
    for (const std::string_view url : {
             "https://127.0.0.1/",       "https://127.1/",
             "https://2130706433/",      "https://0x7f000001/",
             "https://0x7f.0.0.1/",      "https://0177.0.0.1/",
             "https://1.2.3/",           "https://1.2.3.4.5/",
             "https://256.1.1.1/",       "https://0.0.0.0/",
             "https://10.1.2.3/",        "https://100.64.0.1/",
             "https://169.254.169.254/", "https://172.16.0.1/",
             "https://172.31.255.255/",  "https://192.168.1.1/",
             "https://198.18.0.1/",      "https://192.0.2.1/",
             "https://224.0.0.1/",       "https://255.255.255.255/",
             "https://10.0.0.1./",       "https://\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.0.0.1/",
             "https://%31%32%37.0.0.1/",
         }) {
        CAPTURE(url);
        CHECK(why_not_public_url(url) != "");
    }
}

TEST_CASE("IPv6 addresses that are not public or not valid are refused") {
    for (const std::string_view url : {
             "https://[::1]/",
             "https://[::]/",
             "https://[fe80::1]/",
             "https://[fd00::1]/",
             "https://[ff02::1]/",
             "https://[::ffff:10.0.0.1]/",
             "https://[::ffff:7f00:1]/",
             "https://[64:ff9b::10.0.0.1]/",
             "https://[2002:a00:1::]/",
             "https://[2001:db8::1]/",
             "https://[::1/",
             "https://[]/",
             "https://[::1]x/",
             "https://[fe80::1%25eth0]/",
             "https://[1:2:3:4:5:6:7:8:9]/",
             "https://[1::2::3]/",
             "https://[12345::]/",
         }) {
        CAPTURE(url);
        CHECK(why_not_public_url(url) != "");
    }
}

TEST_CASE("a mapped public address is as public as the address in it") {
    CHECK(is_public(*parse_ipv6("::ffff:8.8.8.8")));
    CHECK_FALSE(is_public(*parse_ipv6("::ffff:127.0.0.1")));
}

TEST_CASE("IPv6 addresses are read in all their forms") {
    CHECK(parse_ipv6("1:2:3:4:5:6:7:8") == Ipv6{1, 2, 3, 4, 5, 6, 7, 8});
    CHECK(parse_ipv6("1::8") == Ipv6{1, 0, 0, 0, 0, 0, 0, 8});
    CHECK(parse_ipv6("::") == Ipv6{});
    CHECK(parse_ipv6("1::") == Ipv6{1});
    CHECK(parse_ipv6("::1.2.3.4") == Ipv6{0, 0, 0, 0, 0, 0, 0x102, 0x304});
    for (const std::string_view bad : {"", ":", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:", ":1:2:3:4:5:6:7:8",
                                       "1::2::3", ":::", "g::", "1:2:3:4::5:6:7:8", "::1.2.3", "1.2.3.4::"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_ipv6(bad));
    }
}

TEST_CASE("IPv4 addresses are four decimal numbers and nothing else") {
    CHECK(parse_ipv4("1.20.255.0") == Ipv4{1, 20, 255, 0});
    for (const std::string_view bad : {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ",
                                       "1..3.4", "a.b.c.d", "1.2.3.-4"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_ipv4(bad));
    }
}
