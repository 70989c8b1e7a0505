/// What the journal says of every shot's money: who owns which prediction, and who consented to what.
///
/// Made from events like the ledger, but by other code and for another question, so that the audit need not
/// believe the ledger. A restart makes it anew from the replayed events.
#pragma once

#include "jobs/queue/event.h"

#include <map>
#include <set>
#include <stdexcept>
#include <string>

namespace reeld::test {

struct Violation : std::logic_error {
    using std::logic_error::logic_error;
};

class Chronicle {
public:
    struct Shot {
        int intents = 0;        ///< Creates that were intended, refused ones included.
        int consents = 0;       ///< To one more billed create each.
        std::string request_id; ///< Of the latest create.
        std::string prediction; ///< The latest that is its own.
        bool held = false;      ///< Its latest create waits for a person.
        bool unwanted = false;  ///< A person has asked for its end.
    };

    /// Throws Violation when a prediction gets a second owner.
    void apply(const Event& event);

    [[nodiscard]] const std::map<ShotRef, Shot>& shots() const { return shots_; }
    [[nodiscard]] const Shot& shot(ShotRef ref) { return shots_[ref]; }

    [[nodiscard]] bool has_owner(const std::string& prediction) const { return owners_.contains(prediction); }
    [[nodiscard]] const std::map<std::string, ShotRef>& owners() const { return owners_; }

    /// Creates that a person, or a rule, gave up without proof: who did it bears what may come of it.
    [[nodiscard]] bool given_up_by_person(const std::string& request_id) const {
        return by_person_.contains(request_id);
    }
    [[nodiscard]] bool given_up_by_rule(const std::string& request_id) const {
        return by_rule_.contains(request_id);
    }

    /// Creates in doubt whose shot a person cancelled.
    [[nodiscard]] bool left_unsettled(const std::string& request_id) const {
        return unsettled_.contains(request_id);
    }

private:
    void leave_unsettled(ShotRef shot);
    void own(ShotRef shot, const std::string& prediction);
    void dismiss(const event::CreateDismissed& it);

    std::map<ShotRef, Shot> shots_;
    std::map<std::string, ShotRef> owners_; ///< By prediction.
    std::set<std::string> by_person_;       ///< Request ids.
    std::set<std::string> by_rule_;         ///< Likewise.
    std::set<std::string> unsettled_;       ///< Likewise.
};

} // namespace reeld::test
