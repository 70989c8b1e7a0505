/// Which executions of the provider's list belong to which shots in doubt.
#pragma once

#include "jobs/queue/ledger.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace reeld {

/// What one look says of the shots in doubt of its model.
struct SightingMatch {
    std::map<ShotRef, std::string> adopted; ///< Each doubt with the prediction that is its own.
    /// Doubts that nothing is left for, each with one that was given an execution which could as well be its
    /// own: what the list still lacks may then be either's.
    std::vector<std::pair<ShotRef, ShotRef>> gave_way;
    std::vector<ShotRef> absent; ///< Doubts that nothing in the list can be.
    /// Doubts that nothing in the list is for certain, and one execution may be all the same: an equal one of
    /// shortly before the send, should clocks disagree, even where a later one fits; or an unequal one,
    /// where the provider does not tell inputs as they were sent.
    std::map<ShotRef, std::string> ambiguous;
    /// Executions that could have been a doubt's and are more than the doubts: somebody else's with an equal
    /// input, or a create that nobody asked for.
    std::vector<std::string> strays;
};

/// The look, where an execution that called a create's own webhook equals that create alone: nobody else told
/// it where to call.
[[nodiscard]] event::ListLooked heed_calls(const Ledger& ledger, event::ListLooked look);

/// Matches one to one, as many doubts as there can be. An execution is a doubt's own when their inputs are
/// equal and it was not created before the doubt's create was sent; or whenever it was created, when it
/// called the create's webhook. `look`: as heed_calls() gives it.
///
/// While a create with the same input is still unanswered, an execution of after its send may be that one's:
/// such a group is left for a later look, neither adopted nor absent. So is a doubt as long as an execution
/// that could not be read may be its own and came before the first that is known to be equal.
[[nodiscard]] SightingMatch match_sightings(const Ledger& ledger, const event::ListLooked& look);

} // namespace reeld
