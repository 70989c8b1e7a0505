/// Batches and shots by the names that people use for them.
///
/// A name that is nearly right is answered with the one that was meant; nothing is ever done to it by
/// itself. Threading: the loop's. Reads the journal, which may throw JournalError.
#pragma once

#include "daemon/control/refused.h"
#include "daemon/journal/journal.h"
#include "jobs/queue/ledger.h"

#include <string_view>
#include <variant>

namespace reeld {

/// So many names are compared with one that is not found: beyond, a batch is its owner's to look through.
inline constexpr std::uint32_t kNamesComparedMax = 5000;

/// The accepted batch of that name, or a 404.
[[nodiscard]] std::variant<BatchKey, Refused> find_batch(const Ledger& ledger, std::string_view name);

/// The batch's shot with that id, or a 404.
[[nodiscard]] std::variant<ShotRef, Refused> find_shot(const Ledger& ledger, const Journal& journal,
                                                       BatchKey batch, std::string_view id);

} // namespace reeld
