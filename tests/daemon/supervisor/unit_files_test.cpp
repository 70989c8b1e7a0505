#include "tests/support/night.h"
#include "tests/support/places.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace reeld::test {

namespace {

std::filesystem::path unit_folder() {
    return std::filesystem::path(source_folder()) / "systemd";
}

/// All units as installed, but with the program that was built. Returns their names.
std::vector<std::string> units_for_this_build(const TempFolder& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(unit_folder())) {
        const std::string name = entry.path().filename();
        if (!name.ends_with(".service") && !name.ends_with(".timer")) continue;
        std::string text = read_file(entry.path());
        const std::string installed = "/usr/bin/reeld";
        for (auto at = text.find(installed); at != std::string::npos; at = text.find(installed, at + 1))
            text.replace(at, installed.size(), reeld_program());
        std::ofstream(folder / name) << text;
        names.push_back(name);
    }
    std::ranges::sort(names);
    return names;
}

/// The settings of a unit, comments and continued lines taken away, and those lines that begin with one of
/// `apart`.
std::vector<std::string> settings_of(const std::string& name, const std::vector<std::string>& apart) {
    std::istringstream text(read_file(unit_folder() / name));
    std::vector<std::string> settings;
    for (std::string line; std::getline(text, line);) {
        const bool is_apart =
            std::ranges::any_of(apart, [&](const auto& key) { return line.starts_with(key + "="); });
        if (!line.empty() && line[0] != '#' && line[0] != ' ' && !is_apart) settings.push_back(line);
    }
    return settings;
}

} // namespace

TEST_CASE("systemd finds no fault with any unit, and calls every service well protected") {
    const TempFolder folder;
    const auto names = units_for_this_build(folder);
    CHECK(names == std::vector<std::string>{"reeld-nightly.service", "reeld-nightly.timer", "reeld.service",
                                            "reeld@.service"});
    for (const std::string& name : names) {
        CAPTURE(name);
        const auto unit = (folder / name).string();
        const auto verified = run_program({.words = {"/usr/bin/systemd-analyze", "verify", "--man=no", unit},
                                           .environment = {},
                                           .folder = {}});
        CAPTURE(verified.err);
        CHECK(verified.exit_code == 0);
        CHECK(verified.err.find("reeld") == std::string::npos);
        if (!name.ends_with(".service")) continue;
        const auto judged = run_program({.words = {"/usr/bin/systemd-analyze", "security", "--offline=true",
                                                   "--threshold=12", "--no-pager", unit},
                                         .environment = {},
                                         .folder = {}});
        CAPTURE(judged.out);
        CHECK(judged.exit_code == 0);
    }
}

TEST_CASE("units start nothing but reeld and the shell, which every Debian has") {
    for (const auto* name : {"reeld.service", "reeld@.service", "reeld-nightly.service"}) {
        for (const std::string& setting : settings_of(name, {})) {
            if (!setting.starts_with("Exec")) continue;
            CAPTURE(setting);
            const std::string command = setting.substr(setting.find('=') + 1);
            CHECK((command.starts_with("/usr/bin/reeld ") || command.starts_with("/bin/sh ")));
        }
    }
}

TEST_CASE("an instance differs from the service in its folders, its configuration and its key only") {
    const std::vector<std::string> apart = {"Description", "ExecStart", "LoadCredential", "StateDirectory"};
    const auto service = settings_of("reeld.service", apart);
    REQUIRE(service.size() > 20);
    CHECK(settings_of("reeld@.service", apart) == service);
}

} // namespace reeld::test
