/// `--resolve`: what a person found out about a create whose answer was lost.
#pragma once

#include "daemon/app/app.h"
#include "daemon/app/resolve.h"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace reeld {

/// One `--resolve SHOT=created:ID`, `--resolve SHOT=not-created` or `--resolve SHOT=not-created:2`.
struct Resolution {
    std::string shot; ///< "sunrise", or "harbor/sunrise".
    Finding finding;
};

/// Reads the option's words. Throws PlanError that says what is wrong and how it is written.
[[nodiscard]] std::vector<Resolution> read_resolutions(const std::vector<std::string>& words);

/// The words of a command line without its `--resolve`s and `--again`: what a person may say again and mean
/// the same.
[[nodiscard]] std::vector<std::string> without_resolutions(const std::vector<std::string>& words);

/// What a person found out, by shot.
using Findings = std::map<ShotRef, Finding>;

/// What each resolution is about, or why one of them cannot be, for the user.
struct PlannedResolutions {
    Findings findings; ///< Each can be recorded now, as resolve_doubt() says it.
    std::string why_not;
};

/// What each resolution says of a shot of `batches` that is held, or of the prediction of one in doubt.
/// Consents to a second payment only where the person says that nothing was created. That can only be said of
/// a shot in `held`, those that were held when the command began: any other doubt may be about the very
/// create that the same words have asked for, in a run that was cut short, and that doubt may have become a
/// held shot since. And it has to name the batch where any other of the state folder has a shot of that name,
/// which may have been meant. Records nothing.
[[nodiscard]] PlannedResolutions plan_resolutions(App& app, std::span<const BatchKey> batches,
                                                  const std::set<ShotRef>& held,
                                                  const std::vector<Resolution>& resolutions);

/// The shots that are held now.
[[nodiscard]] std::set<ShotRef> held_shots(const Ledger& ledger);

} // namespace reeld
