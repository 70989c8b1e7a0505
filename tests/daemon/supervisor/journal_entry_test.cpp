#include "daemon/supervisor/journal_entry.h"

#include <doctest/doctest.h>
#include <filesystem>

namespace reeld::test {

TEST_CASE("an entry is not taken where there is no journal, so that a line is written in its place") {
    const bool journal = std::filesystem::exists("/run/systemd/journal/socket");
    CHECK(send_to_journal({"MESSAGE=a line of reeld's tests", "PRIORITY=7"}) == journal);
}

} // namespace reeld::test
