#include "tests/support/contains.h"
#include "tests/support/night.h"
#include "tests/support/places.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

/// What `reeld <words>` says on standard error; it ends with 2.
std::string told(const std::vector<std::string>& words) {
    std::vector<std::string> line = {test::reeld_program()};
    line.insert(line.end(), words.begin(), words.end());
    const auto end = run_program({.words = line});
    CHECK(end.exit_code == 2);
    CHECK(end.out.empty());
    return end.err;
}

} // namespace

TEST_CASE("the name alone tells what there is to do") {
    CHECK(contains(told({}), "reeld run --sandbox storyboard.yaml"));
}

TEST_CASE("a misspelt command or option is answered with the one that may have been meant") {
    CHECK(contains(told({"rnu", "a.yaml"}), "did you mean run?"));
    CHECK(contains(told({"run", "--sanbox", "a.yaml"}), "did you mean --sandbox?"));
    CHECK(contains(told({"check"}), "'reeld check --help'"));
}

TEST_CASE("a storyboard in the command's place is told how it is rendered") {
    CHECK(contains(told({"harbor.yaml"}), "reeld run harbor.yaml"));
}

TEST_CASE("a file that is not there is told, and that nothing was sent, without a report of the sandbox") {
    const TempFolder folder;
    const auto text = told({"run", "--sandbox", "--state", (folder / "state").string(), "--output",
                            (folder / "output").string(), (folder / "harbor.yaml").string()});
    CHECK(contains(text, "No such file"));
    CHECK(contains(text, "nothing was sent"));
    CHECK_FALSE(contains(text, "What the sandbox saw"));
}

} // namespace reeld::test
