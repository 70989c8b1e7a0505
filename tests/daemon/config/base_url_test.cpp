#include "daemon/config/base_url.h"

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

TEST_CASE("slashes at the end are cut off") {
    CHECK(without_end_slash("https://x.test/v1//") == "https://x.test/v1");
    CHECK(without_end_slash("https://x.test") == "https://x.test");
}
