/// What a person found out about a create whose answer was lost, as the fact to record.
///
/// The one rule behind `reeld run --resolve` and `reeld resolve`: it consents to a second payment only where
/// the person says that nothing was created. It records nothing itself. Threading: the loop's.
#pragma once

#include "daemon/journal/journal.h"
#include "jobs/queue/ledger.h"

#include <optional>
#include <string>

namespace reeld {

/// The fact, or why there can be none: a clause that follows the shot's name, "is rendering: …".
struct Resolved {
    std::optional<Fact> fact;
    std::string why_not;
};

/// `prediction`: what the person found at the provider; nothing when there is none and the shot is to be
/// rendered again. The shot exists. Of a shot in doubt only a prediction can be told: that nothing was
/// created would send it again while its create is still being looked for.
[[nodiscard]] Resolved resolve_doubt(const Ledger& ledger, const Journal& journal, ShotRef shot,
                                     const std::optional<std::string>& prediction);

} // namespace reeld
