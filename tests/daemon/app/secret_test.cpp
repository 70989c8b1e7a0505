#include "daemon/app/secret.h"

#include <doctest/doctest.h>

namespace reeld::test {

TEST_CASE("a secret equals itself and nothing shorter, longer or other") {
    CHECK(equals_in_constant_time("abc", "abc"));
    for (const char* other : {"", "ab", "abcd", "abd", "ABC"}) {
        CAPTURE(other);
        CHECK_FALSE(equals_in_constant_time("abc", other));
    }
}

} // namespace reeld::test
