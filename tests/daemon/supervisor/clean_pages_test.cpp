#include "daemon/supervisor/clean_pages.h"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

namespace reeld::test {

namespace {

/// Of this process, by the kernel.
long resident_kb() {
    std::ifstream in("/proc/self/smaps_rollup");
    for (std::string word; in >> word;) {
        long kb = 0;
        if (word == "Rss:" && in >> kb) return kb;
    }
    return 0;
}

} // namespace

TEST_CASE("code and constants that nothing needs just now take no memory") {
    const long before = resident_kb();
    unmap_clean_pages();
    const long after = resident_kb();
    CHECK(before > 0);
    CHECK(after < before);
}

} // namespace reeld::test
