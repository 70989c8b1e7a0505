#include "daemon/app/secret.h"

#include <doctest/doctest.h>

namespace reeld::test {

TEST_CASE("a secret is 128 bits in hexadecimal, and never the same twice") {
    const std::string one = new_secret();
    CHECK(one.size() == 32);
    CHECK(one.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(new_secret() != one);
}

TEST_CASE("a secret equals itself and nothing shorter, longer or other") {
    CHECK(equals_in_constant_time("abc", "abc"));
    for (const char* other : {"", "ab", "abcd", "abd", "ABC"}) {
        CAPTURE(other);
        CHECK_FALSE(equals_in_constant_time("abc", other));
    }
}

} // namespace reeld::test
