#include "daemon/random_hex.h"

#include <doctest/doctest.h>

namespace reeld::test {

TEST_CASE("a random word is 128 bits in hexadecimal, and never the same twice") {
    const std::string one = random_hex();
    CHECK(one.size() == 32);
    CHECK(one.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(random_hex() != one);
}

} // namespace reeld::test
