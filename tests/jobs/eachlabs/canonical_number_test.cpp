#include "jobs/eachlabs/canonical_number.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using reeld::eachlabs::canonical_number;

namespace {

void check_equal(const std::vector<std::string>& spellings, const std::string& canonical) {
    for (const std::string& spelling : spellings) {
        CAPTURE(spelling);
        CHECK(canonical_number(spelling) == canonical);
    }
}

} // namespace

TEST_CASE("a whole number is the same in every spelling") {
    check_equal({"1", "1.0", "1e0", "1E0", "1e+0", "1e-0", "10e-1", "0.1e1", "1.000", "0.0001e4", "1000E-3"},
                "1");
    check_equal({"-15", "-15.0", "-1.5e1", "-150e-1", "-0.15E+2"}, "-15");
    check_equal({"1200", "1.2e3", "12e2", "120000e-2"}, "1200");
    check_equal({"1" + std::string(400, '0') + "e-400", "0." + std::string(399, '0') + "1e400"}, "1");
}

TEST_CASE("zero has no sign and no size") {
    check_equal({"0", "-0", "0.0", "-0.0", "0e5", "-0E-5", "0.000e99", "0e99999999999999999999"}, "0");
}

TEST_CASE("whole numbers of 64 bits are exact, also where doubles are not") {
    for (const std::string number :
         {"9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993",
          "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551614",
          "18446744073709551615"}) {
        check_equal({number, number + ".0", number + "e0", number + "0e-1"}, number);
    }
    check_equal({"9.007199254740993e15", "0.9007199254740993e16"}, "9007199254740993");
}

TEST_CASE("a number that is not whole is the nearest double, however it is spelled") {
    check_equal({"0.5", "5e-1", "0.50", "500E-3", "0.05e1"}, "0.5");
    check_equal({"-0.1", "-1e-1", "-0.10000000000000000555111512312578"}, "-0.1");
    check_equal({"123.456", "1.23456e2", "123456e-3", "123456000e-6"}, "123.456");
    check_equal({"5e-324", "4.9406564584124654e-324", "3e-324"}, "5e-324");
    CHECK(canonical_number("0.1") != canonical_number("0.10000000000000002"));
    CHECK(canonical_number("0.3") != canonical_number("0.30000000000000004"));
}

TEST_CASE("beyond 64 bits a whole number is the nearest double too") {
    check_equal({"1e20", "100000000000000000000", "100000000000000000001", "10e19"}, "1e+20");
    CHECK(canonical_number("18446744073709551616") == canonical_number("18446744073709551617"));
    CHECK(canonical_number("18446744073709551615") != canonical_number("18446744073709551616"));
    CHECK(canonical_number("-9223372036854775808") == canonical_number("-9223372036854775809"));
}

TEST_CASE("a double that happens to be whole equals the whole number") {
    check_equal({"1.00000000000000000001", "0.99999999999999999999"}, "1");
    check_equal({"-9007199254740992.4"}, "-9007199254740992");
}

TEST_CASE("a number too large for a double is none, and one too small is zero") {
    for (const std::string number : {"1e309", "-1e309", "1e400", "12345e99999999999999999999"}) {
        CAPTURE(number);
        CHECK_FALSE(canonical_number(number));
    }
    CHECK_FALSE(canonical_number(std::string(400, '9')));
    CHECK(canonical_number("1.7976931348623157e308") == "1.7976931348623157e+308");
    check_equal({"1e-400", "-1e-400", "1e-99999999999999999999", "0." + std::string(500, '0') + "1"}, "0");
}
