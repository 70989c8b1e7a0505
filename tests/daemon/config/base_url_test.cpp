#include "daemon/config/base_url.h"

#include "daemon/config/listen_address.h"

#include <doctest/doctest.h>

using namespace reeld;

TEST_CASE("https to any host, and http to this machine, may be used") {
    for (const std::string_view url :
         {"https://api.eachlabs.ai/v1", "https://api.eachlabs.ai", "https://10.0.0.1:8443/v1/",
          "https://[::1]/v1", "http://127.0.0.1:8080/v1", "http://127.9.9.9/v1", "http://localhost:1/v1",
          "http://[::1]:8080/v1"}) {
        CAPTURE(url);
        CHECK(why_not_base_url(url) == "");
    }
}

TEST_CASE("the key is never sent in the clear to another machine") {
    for (const std::string_view url :
         {"http://api.eachlabs.ai/v1", "http://10.0.0.1", "http://127.0.0.1.evil.test/",
          "http://localhost.evil.test/", "http://128.0.0.1/", "http://127.1/", "http://[::2]/",
          "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/"}) {
        CAPTURE(url);
        CHECK(why_not_base_url(url).starts_with("must be https"));
    }
}

TEST_CASE("what is no address that a path can be appended to is refused") {
    for (const std::string_view url : {"",
                                       "api.eachlabs.ai",
                                       "ftp://x.test",
                                       "HTTPS://x.test",
                                       "https://",
                                       "https:///v1",
                                       "https://:443/v1",
                                       "https://x.test:/v1",
                                       "https://x.test:0/",
                                       "https://x.test:65536/",
                                       "https://x.test:http/",
                                       "https://[::1/",
                                       "https://[nonsense]/",
                                       "https://[::1]x/",
                                       "https://x.test/v1?a=b",
                                       "https://x.test/v1#top",
                                       "https://x.test/a b",
                                       "https://x.test\\@y.test/",
                                       "https://x\ny.test/",
                                       "https://ü.test/"}) {
        CAPTURE(url);
        CHECK(why_not_base_url(url) != "");
    }
}

TEST_CASE("a user name or a password in the address is refused and not repeated") {
    for (const std::string_view url : {"https://user:sesame@x.test/v1", "http://sesame@127.0.0.1/"}) {
        const std::string why = why_not_base_url(url);
        CHECK(why.find("api.key_file") != std::string::npos);
        CHECK(why.find("sesame") == std::string::npos);
    }
}

TEST_CASE("webhooks come over https, or over http from this machine") {
    for (const std::string_view url :
         {"https://example.org/hooks", "https://example.org", "https://example.org/a/b-c_d~e.f/",
          "http://127.0.0.1:8788/hooks", "http://[::1]:8788"}) {
        CAPTURE(url);
        CHECK(why_not_webhook_url(url) == "");
    }
    CHECK(why_not_webhook_url("http://example.org/hooks").starts_with("must be https: the webhooks'"));
    CHECK(why_not_webhook_url("https://u:sesame@example.org").find("sesame") == std::string::npos);
    CHECK(why_not_webhook_url("https://example.org/hooks?a=b") != "");
}

TEST_CASE("a path that could be written in two ways is no place for webhooks") {
    for (const std::string_view path : {"/a//b", "/a/../b", "/.hidden", "/%68ooks", "/a+b", "//", "/a:b"}) {
        CAPTURE(path);
        CHECK(why_not_webhook_url("https://example.org" + std::string{path} + "/x")
                  .starts_with("must have a path of letters"));
    }
    CHECK(path_of_url("https://example.org/a/b") == "/a/b");
    CHECK(path_of_url("https://example.org") == "");
}

TEST_CASE("a place to listen is a numeric address and a port") {
    CHECK(parse_listen_address("127.0.0.1:8788") == ListenAddress{.address = "127.0.0.1", .port = 8788});
    CHECK(parse_listen_address("[::1]:65535") == ListenAddress{.address = "::1", .port = 65535});
    for (const std::string_view text : {"", "8788", ":8788", "localhost:8788", "127.0.0.1", "127.0.0.1:0",
                                        "127.0.0.1:65536", "127.0.0.1:8788x", "::1:8788", "[::1]", "[]:1",
                                        "[127.0.0.1]:1", "127.0.0.1: 8788", "127.0.0.1:-1"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_listen_address(text));
    }
    CHECK(format_listen_address({.address = "::1", .port = 1}) == "[::1]:1");
    CHECK(format_listen_address({.address = "127.0.0.1", .port = 80}) == "127.0.0.1:80");
}

TEST_CASE("slashes at the end are cut off") {
    CHECK(without_end_slash("https://x.test/v1//") == "https://x.test/v1");
    CHECK(without_end_slash("https://x.test") == "https://x.test");
}
