/// The provider's answers as the facts to record.
///
/// Between the transfer and the queue: what did not come as a whole answer is no answer, and what did is read
/// by `jobs/eachlabs`. Threading: none.
#pragma once

#include "daemon/journal/journal.h"
#include "daemon/net/http.h"
#include "jobs/eachlabs/answers.h"
#include "jobs/queue/ledger.h"

#include <map>
#include <string>

namespace reeld {

/// What a verdict is made from. Its views live as long as `answer`.
[[nodiscard]] eachlabs::Answer as_answer(const HttpAnswer& answer);

/// What the answer to the shot's create amounts to: CreateAccepted, CreateRefused, CreateLost or
/// CreateNotSent. An answer that names a prediction of another create's tells nothing: it is lost.
[[nodiscard]] Fact create_fact(ShotRef shot, const HttpAnswer& answer, const Journal& journal);

/// Likewise for the answers to polls.
class PollFacts {
public:
    explicit PollFacts(const Ledger& ledger) : ledger_(ledger) {}

    /// The shot is rendering; the ledger's rules say what a failure leads to.
    ///
    /// What ends a shot must be beyond doubt, for it was paid for, and the next attempt costs as much again:
    ///  - A prediction that the provider denies is an error of the moment: another replica may know it. Only
    ///    one that is overdue and was denied kDenialsMin times in a row, with no other answer and no failure
    ///    between, will not be heard of again, and has failed.
    ///  - A success without a URL, a failure or cancel that does not name the prediction, such as a gateway's
    ///    own error, and a video that names another one only, have to be told kEndsMin times in a row. Such a
    ///    failure is never created again by itself.
    [[nodiscard]] Fact read(ShotRef shot, const HttpAnswer& answer);

    static constexpr int kDenialsMin = 60; ///< A quarter of an hour at the default of polling.max.
    static constexpr int kEndsMin = 10;

private:
    const Ledger& ledger_;
    std::map<std::string, int> denials_; ///< In a row, of predictions that are overdue.
    std::map<std::string, int> ends_;    ///< Of predictions, in a row, that are not beyond doubt.
};

} // namespace reeld
