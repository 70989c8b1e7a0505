#include "daemon/config/locate.h"

#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <fstream>
#include <string>

using namespace reeld;

namespace {

const char* nothing_set(const char*) {
    return nullptr;
}

void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream{path} << text;
}

std::string only_message(const ConfigRead& read) {
    REQUIRE(read.faults.size() == 1);
    CHECK(read.faults[0].severity == Severity::error);
    CHECK(read.faults[0].place == Place{});
    return read.faults[0].message;
}

} // namespace

TEST_CASE("the command line goes before the environment, and that before the system's file") {
    const test::TempFolder folder;
    const auto system = folder / "system.yaml";
    write(system, "");
    const Environment environment = [](const char* name) {
        return std::string_view{name} == "REELD_CONFIG" ? "/from/environment" : nullptr;
    };
    const Environment empty = [](const char*) {
        return "";
    };
    CHECK(locate_config("/from/option", environment, system) == "/from/option");
    CHECK(locate_config({}, environment, system) == "/from/environment");
    CHECK(locate_config({}, empty, system) == system);
    CHECK(locate_config({}, nothing_set, system) == system);
    CHECK(locate_config({}, nothing_set, folder / "absent.yaml") == "");
}

TEST_CASE("a configuration is read from its file") {
    const test::TempFolder folder;
    write(folder / "reeld.yaml", "limits: { creates: 7 }\n");
    const ConfigRead read = load_config(folder / "reeld.yaml");
    CHECK(read.faults.empty());
    CHECK(read.config.limits.creates == 7);
}

TEST_CASE("a configuration that was asked for and is missing is an error, not the defaults") {
    const test::TempFolder folder;
    CHECK(only_message(load_config(folder / "absent.yaml")) == "cannot be read: No such file or directory");
}

TEST_CASE("a folder, a FIFO and an endless device are refused without waiting for them") {
    const test::TempFolder folder;
    CHECK(only_message(load_config(folder.path())) == "is a folder, not a file");
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    CHECK(only_message(load_config(folder / "fifo")) == "is not a regular file");
    CHECK(only_message(load_config("/dev/zero")) == "is not a regular file");
}

TEST_CASE("a file beyond the size limit is not read as a configuration") {
    const test::TempFolder folder;
    write(folder / "at.yaml", std::string(kConfigBytesMax, '\n'));
    write(folder / "beyond.yaml", std::string(kConfigBytesMax + 1, '\n'));
    CHECK(load_config(folder / "at.yaml").faults.empty());
    CHECK(only_message(load_config(folder / "beyond.yaml")) ==
          "is larger than 1MiB: this is some other file");
}
