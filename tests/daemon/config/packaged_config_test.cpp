#include "daemon/config/config.h"
#include "daemon/config/setting.h"
#include "tests/support/night.h"
#include "tests/support/places.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <map>
#include <sstream>

namespace reeld::test {

namespace {

std::string packaged_config() {
    return read_file(source_folder() + "/systemd/package/reeld.yaml");
}

/// The text with every "#" taken away that stands directly before a key.
std::string uncommented(const std::string& text) {
    std::istringstream lines(text);
    std::string result;
    for (std::string line; std::getline(lines, line);) {
        const auto at = line.find_first_not_of(' ');
        const bool before_key = at != line.npos && line[at] == '#' && at + 1 < line.size() &&
                                line[at + 1] >= 'a' && line[at + 1] <= 'z';
        result += (before_key ? line.erase(at, 1) : line) + "\n";
    }
    return result;
}

/// That `text` is a good configuration, which differs from the defaults in its three folders only.
void check_meaning(const std::string& text) {
    const std::map<std::string_view, std::string> set = {{"watch", "/var/lib/reeld/inbox"},
                                                         {"output", "/var/lib/reeld/output"},
                                                         {"state", "/var/lib/reeld/state"}};
    const ConfigRead read = read_config(text);
    CHECK(read.faults.empty());
    for (const Setting& setting : settings()) {
        CAPTURE(setting.key);
        const auto here = set.find(setting.key);
        CHECK(show(setting, read.config) == (here == set.end() ? show(setting, Config{}) : here->second));
    }
}

} // namespace

TEST_CASE("the packaged configuration sets three folders, and nothing when its comments are taken away") {
    const std::string text = packaged_config();
    check_meaning(text);
    check_meaning(uncommented(text));
}

TEST_CASE("the packaged configuration is the reference, every setting with its meaning and its default") {
    // When it fails: build/reeld help config | systemd/package/make_config >systemd/package/reeld.yaml
    const auto made = run_program({.words = {"/bin/bash", "-c",
                                             fmt::format("{} help config | {}/systemd/package/make_config",
                                                         reeld_program(), source_folder())},
                                   .environment = {},
                                   .folder = {}});
    CHECK(made.exit_code == 0);
    CHECK(made.out == packaged_config());
}

} // namespace reeld::test
