#include "daemon/app/hide_key.h"

#include <doctest/doctest.h>

namespace reeld::test {

TEST_CASE("a key is hidden wherever it is quoted, also with its characters escaped as JSON allows") {
    for (const char* quoted : {"ab/c+d", R"(ab\/c+d)", R"(\u0061b/c\u002bd)", R"(ab\u002Fc\u002Bd)"}) {
        std::string text =
            std::string(R"({"message":"no key )") + quoted + R"(","details":")" + quoted + "\"}";
        hide_key(text, "ab/c+d");
        CHECK(text == R"({"message":"no key ***","details":"***"})");
    }
}

TEST_CASE("what only begins like the key stays as it is") {
    for (const std::string same : {"", "ab", R"(ab\)", R"(ab\u)", R"(ab\u00)", "ab/c+", R"(ab\u012fc+d)"}) {
        std::string text = same;
        hide_key(text, "ab/c+d");
        CHECK(text == same);
    }
    std::string text = "any";
    hide_key(text, "");
    CHECK(text == "any");
}

} // namespace reeld::test
