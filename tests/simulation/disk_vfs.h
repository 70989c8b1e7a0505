/// The part of the simulated disk that SQLite sees.
#pragma once

#include "tests/simulation/disk.h"

#include <sqlite3.h>

namespace reeld::test {

/// A VFS that belongs to `disk` and has its name. Both must stay where they are.
[[nodiscard]] sqlite3_vfs make_vfs(Disk& disk);

} // namespace reeld::test
