#include "daemon/output/batch_folder.h"
#include "tests/daemon/cli/served_night.h"
#include "tests/daemon/output/file_text.h"

#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <string>

namespace reeld::test {

namespace {

/// `reeld run` of a storyboard with so many shots, on a state folder of its own. All have one output folder.
ProgramStart run_beside(const Night& night, const std::string& name, int shots) {
    std::filesystem::create_directory(night.folder() / name);
    const auto file = night.write(name + "/harbor.yaml", Night::storyboard(shots));
    return night.reeld({"run", "--state", night.folder() / name, file});
}

} // namespace

TEST_CASE("an empty folder that another reeld has reserved stays the other's") {
    const Night night({"--time", "30ms"});
    const auto output = night.folder() / "output";
    const auto others =
        reserve_batch_folder(output, "harbor", "another", [](const std::string&) { return false; });
    CHECK(run_program(run_beside(night, "mine", 2)).exit_code == 0);
    CHECK(entries_of(others.path) == 1); // The mark.
    CHECK(night.manifest("harbor.2")["shots"].Size() == 2);
    CHECK(entries_of(output / "harbor.2") == 3);
}

TEST_CASE("two programs that accept one name at the same time keep their results apart") {
    const Night night({"--time", "10ms", "--concurrent", "10"});
    Program first(run_beside(night, "first", 4));
    Program second(run_beside(night, "second", 5));
    CHECK(first.wait().exit_code == 0);
    CHECK(second.wait().exit_code == 0);
    const auto shots = night.manifest("harbor")["shots"].Size();
    CHECK(shots + night.manifest("harbor.2")["shots"].Size() == 9);
    CHECK(night.output("harbor", "storyboard.yaml") == Night::storyboard(static_cast<int>(shots)));
    CHECK(entries_of(night.folder() / "output/harbor") == 3);
    CHECK(entries_of(night.folder() / "output/harbor.2") == 3);
}

TEST_CASE("a daemon whose lock was removed ends with 4 at its next storyboard and sends nothing of it") {
    ServedNight night;
    Program first(night.serve());
    REQUIRE(first.wait_for("serving"));
    std::filesystem::remove(night.folder() / "state/lock");
    night.configure("watch", (night.folder() / "elsewhere").string());
    Program second(night.serve());
    REQUIRE(second.wait_for("serving"));
    night.drop("harbor.yaml", Night::storyboard(2));
    const auto end = first.wait();
    CAPTURE(end.err);
    CHECK(end.exit_code == 4);
    CHECK(end.err.find("state/lock was moved, removed or replaced") != std::string::npos);
    CHECK(stop(second).exit_code == 0);
    CHECK(night.creates() == 0);
    night.configure("watch", night.inbox().string());
    Program third(night.serve());
    REQUIRE(third.wait_for("harbor finished"));
    stop(third);
    CHECK(night.creates() == 2);
}

} // namespace reeld::test
