#include "tests/daemon/cli/steered_night.h"
#include "tests/support/places.h"

#include <fmt/format.h>

namespace reeld::test {

namespace {

/// What bash offers when Tab is pressed behind these words.
std::string offered(const SteeredNight& night, const std::vector<std::string>& words) {
    auto start = night.reeld({});
    std::string line = fmt::format("source {}/examples/completions/reeld.bash; COMP_WORDS=({}",
                                   source_folder(), reeld_program());
    for (const auto& word : words) line += " '" + word + "'";
    line += fmt::format("); COMP_CWORD={}; _reeld; printf '%s\\n' \"${{COMPREPLY[@]}}\"", words.size());
    start.words = {"/bin/bash", "-c", line};
    return run_program(start).out;
}

} // namespace

TEST_CASE("bash completes commands, options, and the names that a running daemon knows") {
    SteeredNight night;
    CHECK(offered(night, {"sta"}) == "status\n");
    CHECK(offered(night, {"re"}) == "retry\nresolve\nresume\nreport\n");
    CHECK(offered(night, {"cancel", ""}) == "\n"); // No daemon, no names, no noise.
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    night.submit("harbor", 2);
    night.submit("quay", 1);
    CHECK(offered(night, {"cancel", ""}) == "quay\nharbor\n");
    CHECK(offered(night, {"wait", "h"}) == "harbor\n");
    CHECK(offered(night, {"status", "harbor/"}) == "harbor/shot-1\nharbor/shot-2\n");
    CHECK(offered(night, {"resolve", "q"}) == "quay/\n");
    CHECK(offered(night, {"wait", "--ti"}) == "--timeout\n");
    CHECK(offered(night, {"cancel", "--state", "/nowhere", ""}) == "\n");
}

} // namespace reeld::test
