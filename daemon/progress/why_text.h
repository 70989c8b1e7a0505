/// Why a shot waits, in a sentence: for `status`, `why`, and the page.
#pragma once

#include "jobs/queue/why.h"

#include <string>

namespace reeld {

/// Without a full stop, with the time it takes where that is known: "waits for a slot; the next is expected
/// in about 40 s". Empty for a shot that is final. `why` is of `now` and of this ledger.
[[nodiscard]] std::string why_text(const Why& why, const Ledger& ledger, Instant now);

} // namespace reeld
