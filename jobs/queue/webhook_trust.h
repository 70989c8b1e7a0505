/// Whether the provider's webhooks can be relied on to tell of ends.
///
/// As long as they are, a prediction need not be asked about often: its webhook makes it be polled the moment
/// it ends. They are relied on until a poll finds an end that no webhook told of; then everything is asked
/// about as if there were none, until some ends in a row were told of in time. What is relied on is a hint's
/// coming, never its word: a poll alone decides.
///
/// Passing state, rebuilt by replay. It expects nothing of predictions from before the program started, since
/// their webhooks may have come while nobody listened; nor of cancelled ones, which have none.
#pragma once

#include "jobs/queue/ledger.h"

#include <set>

namespace reeld {

class WebhookTrust {
public:
    /// Ends in a row that a webhook told of first, until webhooks are relied on again.
    static constexpr int kToldToTrust = 3;

    /// Takes note of an event that `ledger` has just applied.
    void note(const Ledger& ledger, const Event& event);

    [[nodiscard]] bool trusted() const { return trusted_; }

    /// Whether the end of the shot's prediction will be told by a webhook that has not come yet.
    [[nodiscard]] bool expects(ShotRef shot) const { return trusted_ && expected_.contains(shot); }

private:
    void note_end(ShotRef shot);

    bool trusted_ = true;
    int told_in_a_row_ = 0;
    std::set<ShotRef> expected_; ///< Rendering, with a webhook that has not come.
    std::set<ShotRef> told_;     ///< Rendering, and their webhook has come.
};

} // namespace reeld
