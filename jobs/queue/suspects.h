/// Executions of the provider's list that may be a lost create's own.
///
/// A look that lacks an execution which an earlier look showed was not a whole one: lists lag, and replicas
/// differ. So whatever may be a doubt's own is remembered until a look shows what it is, and as long as there
/// is any, absence is not believed.
///
/// What they are outlives a restart (CreateSought); what rules them out is counted anew. Threading: none.
/// Times are the provider's.
#pragma once

#include "jobs/queue/event.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace reeld {

/// So many outlive a restart, those created first: a lost create was executed soon after its send.
inline constexpr std::size_t kSuspectsMax = 256;

class Suspects {
public:
    Suspects() = default;
    explicit Suspects(const std::vector<event::Execution>& seen);

    /// Takes in what a look shows, for the create of `doubt`, which cannot have been executed before
    /// `possible` by all that this look tells of the provider's clock.
    void note(ShotRef doubt, WallTime possible, const event::ListLooked& look);

    /// The prediction is another create's.
    void forget(const std::string& prediction) { seen_.erase(prediction); }

    [[nodiscard]] bool empty() const { return seen_.empty(); }

    /// Whether any is left when these are other creates'.
    [[nodiscard]] bool any_beside(const std::set<std::string>& others) const;

    /// What is to outlive a restart, in the order of creation.
    [[nodiscard]] std::vector<event::Execution> lasting() const;

    /// Why nobody but a person can settle the doubt. Precondition: not empty.
    [[nodiscard]] std::string reason() const;

private:
    struct Seen {
        WallTime created_at;
        int too_old = 0; ///< Looks in a row by whose clock it was created before the doubt's create was sent.
    };
    std::map<std::string, Seen> seen_; ///< By prediction.
};

} // namespace reeld
