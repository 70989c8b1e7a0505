#include "daemon/config/reference.h"

#include "daemon/config/setting.h"

#include <doctest/doctest.h>

using namespace reeld;

TEST_CASE("the reference is a configuration that means the defaults") {
    const ConfigRead read = read_config(config_reference());
    CHECK(read.faults.empty());
    for (const Setting& setting : settings()) {
        CAPTURE(setting.key);
        CHECK(show(setting, read.config) == show(setting, Config{}));
    }
}

TEST_CASE("the reference tells of each setting its default, its meaning and what it takes") {
    const std::string text = config_reference();
    CHECK(text.find("limits:\n"
                    "  # Creates that the account allows within the time limits.per.\n"
                    "  # Takes a whole number of 1 to 100000.\n"
                    "  creates: 100\n") != std::string::npos);
    for (const Setting& setting : settings()) {
        CAPTURE(setting.key);
        CHECK(text.find(setting.meaning) != std::string::npos);
        CHECK(text.find("Takes " + takes(setting) + ".") != std::string::npos);
    }
}
