/// Whether two ledgers say the same of everything that can be asked of them.
#pragma once

#include "jobs/queue/ledger.h"

#include <string>

namespace reeld::test {

/// The first thing that differs, in words, or an empty string. Limits are compared at `now` and at some
/// instants of the hour after it.
[[nodiscard]] std::string difference(const Ledger& one, const Ledger& other, Instant now);

} // namespace reeld::test
