#include "daemon/config/locate.h"
#include "daemon/config/setting.h"
#include "tests/support/places.h"

#include <doctest/doctest.h>

using namespace reeld;

TEST_CASE("the example configuration is good and differs from the defaults in its paths only") {
    const ConfigRead read = load_config(test::source_folder() + "/examples/reeld.yaml");
    CHECK(read.faults.empty());
    CHECK(read.config.api.key_file == "/etc/reeld/eachlabs-api-key");
    CHECK(read.config.watch == "/var/lib/reeld/inbox");
    CHECK(read.config.output == "/var/lib/reeld/output");
    CHECK(read.config.state == "/var/lib/reeld/state");
    for (const Setting& setting : settings()) {
        if (std::holds_alternative<PathField>(setting.field)) continue;
        if (std::holds_alternative<KeyFileField>(setting.field)) continue;
        CAPTURE(setting.key);
        CHECK(show(setting, read.config) == show(setting, Config{}));
    }
}
