#include "tests/support/places.h"
#include "tests/support/program.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace reeld::test {

namespace {

/// The unit as installed, but with the program that was built.
std::string unit_for_this_build(const TempFolder& folder, const std::string& name) {
    std::ifstream file(std::filesystem::path(source_folder()) / "systemd" / name);
    REQUIRE(file);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::string installed = "/usr/bin/reeld";
    for (auto at = text.find(installed); at != std::string::npos; at = text.find(installed, at + 1))
        text.replace(at, installed.size(), reeld_program());
    const auto path = folder / name;
    std::ofstream(path) << text;
    return path.string();
}

} // namespace

TEST_CASE("systemd finds no fault with the unit, and calls it well protected") {
    const TempFolder folder;
    const auto unit = unit_for_this_build(folder, "reeld.service");
    const auto verified = run_program({.words = {"/usr/bin/systemd-analyze", "verify", "--man=no", unit}});
    CAPTURE(verified.err);
    CHECK(verified.exit_code == 0);
    CHECK(verified.err.find("reeld.service") == std::string::npos);
    const auto judged = run_program({.words = {"/usr/bin/systemd-analyze", "security", "--offline=true",
                                               "--threshold=12", "--no-pager", unit}});
    CAPTURE(judged.out);
    CHECK(judged.exit_code == 0);
}

} // namespace reeld::test
