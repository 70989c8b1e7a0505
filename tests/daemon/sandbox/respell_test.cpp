#include "daemon/sandbox/respell.h"

#include "jobs/eachlabs/canonical_json.h"

#include <doctest/doctest.h>

namespace reeld::sandbox {

TEST_CASE("respelled JSON is other text that the client takes for the same") {
    for (const std::string_view json :
         {R"({})", R"([])", R"({"a":1,"b":[1,-2,0.5,18446744073709551615],"c":{"d":null,"e":true}})",
          R"(["","/","\"","\\","é","a\u0000"])", R"({"x":1e-7,"y":1.7976931348623157e308,"z":5e-324})",
          R"([9007199254740993,-9223372036854775808,0.1,0.30000000000000004,1.5e19,1e20])"}) {
        CAPTURE(json);
        const std::string other = respelled(json);
        CAPTURE(other);
        CHECK(other != json);
        REQUIRE(eachlabs::canonical_json(json));
        CHECK(eachlabs::canonical_json(other) == eachlabs::canonical_json(json));
    }
}

TEST_CASE("keys, strings and numbers are all spelled differently") {
    CHECK(
        respelled(R"({"a":5,"b":-5,"c":[0.5,"xy","é"]})") ==
        R"({ "\u0063" : [ 5.00000000000000000e-01, "\u0078y", "é" ], "\u0062" : -50E-1, "\u0061" : 50e-1 })");
}

} // namespace reeld::sandbox
