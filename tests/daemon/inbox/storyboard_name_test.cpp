#include "daemon/inbox/storyboard_name.h"

#include <doctest/doctest.h>

using namespace reeld;

TEST_CASE("a storyboard's name ends in .yaml or .yml") {
    for (const char* name :
         {"a.yaml", "a.yml", "a b.yaml", "a.tmp.yaml", "\xC3\xA9.yaml", "A.YAML", "a.Yml"}) {
        CAPTURE(name);
        CHECK(is_storyboard_name(name));
    }
}

TEST_CASE("names of temporary files and everything else are left alone") {
    for (const char* name : {"", "yaml", "a", "a.txt", "a.YAML~", ".yaml", ".a.yaml", ".#a.yaml", "#a.yaml#",
                             "a.yaml~", "a.yaml.tmp", "a.yaml.part", "a.yaml.swp", ".a.yaml.swp", "4913"}) {
        CAPTURE(name);
        CHECK_FALSE(is_storyboard_name(name));
    }
}
