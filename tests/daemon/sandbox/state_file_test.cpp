#include "daemon/sandbox/state_file.h"

#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>
#include <fstream>

namespace reeld::sandbox {

using Lines = std::vector<std::string>;

TEST_CASE("a state file gives back the lines that were appended, also those with long inputs") {
    const test::TempFolder folder;
    const std::string long_line(200'000, 'x');
    {
        StateFile file(folder / "state");
        CHECK(file.take_lines().empty());
        CHECK(file.append("one") == "");
        CHECK(file.append(long_line) == "");
    }
    {
        StateFile file(folder / "state");
        CHECK(file.take_lines() == Lines{"one", long_line});
        CHECK(file.append("three") == "");
    }
    CHECK(StateFile(folder / "state").take_lines() == Lines{"one", long_line, "three"});
}

TEST_CASE("several lines can be appended at once") {
    const test::TempFolder folder;
    CHECK(StateFile(folder / "state").append("one\ntwo") == "");
    CHECK(StateFile(folder / "state").take_lines() == Lines{"one", "two"});
}

TEST_CASE("a line that a killed process left unfinished is dropped, and the next one is whole") {
    const test::TempFolder folder;
    std::ofstream(folder / "state") << "one\n{\"event\":\"crea";
    {
        StateFile file(folder / "state");
        CHECK(file.take_lines() == Lines{"one"});
        CHECK(file.append("two") == "");
    }
    CHECK(StateFile(folder / "state").take_lines() == Lines{"one", "two"});
}

TEST_CASE("two sandboxes cannot use one state file") {
    const test::TempFolder folder;
    const StateFile first(folder / "state");
    CHECK_THROWS_WITH_AS(StateFile(folder / "state"), doctest::Contains("another sandbox"),
                         std::runtime_error);
}

TEST_CASE("a state file that cannot be opened is named in the error") {
    const test::TempFolder folder;
    CHECK_THROWS_WITH_AS(StateFile(folder / "no/state"), doctest::Contains("no/state"), std::runtime_error);
}

} // namespace reeld::sandbox
