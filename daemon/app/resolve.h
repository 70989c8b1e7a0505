/// What a person found out about a create whose answer was lost, as the fact to record.
///
/// The one rule behind `reeld run --resolve` and `reeld resolve`: it consents to a second payment only where
/// the person says that nothing was created, and of which create. The same words said once more are about the
/// same create, so that a command repeated by a person, a script or a timer pays for nothing. It records
/// nothing itself. Threading: the loop's.
#pragma once

#include "daemon/journal/journal.h"
#include "daemon/net/http.h"
#include "jobs/queue/ledger.h"

#include <optional>
#include <string>

namespace reeld {

/// The fact, or why there can be none: a clause that follows the shot's name, "is rendering: …".
struct Resolved {
    std::optional<Fact> fact;
    std::string why_not;
};

/// What the person found at the provider.
struct Finding {
    std::optional<std::string> prediction; ///< Absent: none, and the shot is to be rendered again.
    /// Without a prediction, of which create: that for which the shot was held the first time, the second …
    /// It is a create's own number, for a create is held once at most.
    int nth = 1;
};

/// How often the shot was held, by now: the number of the create that it is held for.
[[nodiscard]] int times_held(const Journal& journal, ShotRef shot);

/// "not-created", or from the second time that the shot is held on "not-created=2", with `sign` before the
/// number.
[[nodiscard]] std::string not_created_words(int nth, char sign);

/// Why the shot cannot have the prediction that a person has named, by the provider's answer to
/// GET /prediction/{id}: a clause as in Resolved. Empty when it can. What it was created with does not count
/// where a look, the create's answer or its webhook has named it: there the person knows more than we.
[[nodiscard]] std::string why_not_its(const Ledger& ledger, const Journal& journal, ShotRef shot,
                                      const std::string& prediction, const HttpAnswer& answer);

/// The shot exists. Of a shot in doubt only a prediction can be told: that nothing was created would send it
/// again while its create is still being looked for.
[[nodiscard]] Resolved resolve_doubt(const Ledger& ledger, const Journal& journal, ShotRef shot,
                                     const Finding& finding);

} // namespace reeld
