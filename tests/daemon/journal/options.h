/// Where the tests keep their journals.
#pragma once

#include "daemon/journal/journal.h"
#include "tests/support/test_disk.h"

#include <filesystem>

namespace reeld::test {

/// A journal in `folder` on that disk, which must outlive it.
[[nodiscard]] inline Journal::Options options_in(const std::filesystem::path& folder, const TestDisk& disk) {
    return {.folder = folder, .provider = "sandbox", .vfs = disk.name()};
}

/// A journal in `folder` whose syncs cost no time.
[[nodiscard]] inline Journal::Options quick_options_in(const std::filesystem::path& folder) {
    static const TestDisk kQuickDisk;
    return options_in(folder, kQuickDisk);
}

} // namespace reeld::test
