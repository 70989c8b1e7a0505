#include "daemon/cli/command_line.h"

#include <doctest/doctest.h>

namespace reeld::test {

TEST_CASE("a command line can be typed again: what a shell would change is quoted") {
    CHECK(shell_line({"reeld", "run", "a b.yaml"}) == "reeld run 'a b.yaml'");
    CHECK(shell_line({"it's", "", "$HOME", "x=1:2"}) == R"('it'\''s' '' '$HOME' x=1:2)");
}

TEST_CASE("a process knows its own words") {
    CHECK_FALSE(own_words().empty());
    CHECK(own_words().front().find("reeld_tests") != std::string::npos);
}

} // namespace reeld::test
