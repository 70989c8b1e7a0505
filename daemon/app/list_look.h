/// One look through the provider's list of executions for creates whose answer was lost.
///
/// Says what to ask next and takes in what was answered, and at the end is one fact. It reads the list of one
/// model page by page and asks each execution that the journal does not know for its input. It decides
/// nothing: which execution is whose, and what absence proves, is the queue's. Nor does it send anything or
/// know a clock: whoever performs the queue's Look does, and the simulation in its place.
///
/// Threading: none. Borrows the journal, the ledger and the known inputs.
#pragma once

#include "daemon/journal/journal.h"
#include "daemon/net/http.h"
#include "jobs/eachlabs/answers.h"
#include "jobs/eachlabs/requests.h"
#include "jobs/eachlabs/resemblance.h"
#include "jobs/queue/action.h"
#include "jobs/queue/execution_time.h"
#include "jobs/queue/ledger.h"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace reeld {

/// What looks at one model's executions have learned, so that each is asked for its input once.
///
/// A look's `inputs_are_told` is more cautious than `are_told`: not while an execution that is nobody's may
/// be a doubt's own all the same (see resemblance.h).
struct NobodysInputs {
    std::map<std::string, std::string>
        by_prediction; ///< Canonical inputs of executions that are nobody's so far.
    /// Whether an execution that is ours for certain showed its input as it was sent; absent: none was read.
    std::optional<bool> are_told;
    /// Whether one with an address in it did so.
    eachlabs::Addresses addresses = eachlabs::Addresses::perhaps_copied;
};

class ListLook {
public:
    struct Parts {
        const Journal& journal;
        const Ledger& ledger;
        NobodysInputs& inputs; ///< Of the same model's earlier looks; kept for the next one.
    };

    /// `provider_at`: the provider's clock now, or earlier, if it is known.
    ListLook(Parts parts, const action::Look& look, Instant now, std::optional<WallTime> provider_at);

    /// The request to send next; or ListLooked or ListFailed, which ends the look.
    [[nodiscard]] std::variant<eachlabs::Call, Fact> next();

    /// The answer to the request that next() gave last.
    void take(const HttpAnswer& answer, Instant now);

private:
    /// An execution that the journal does not know, as the list has it.
    struct Candidate {
        std::string prediction;
        WallTime created_at; ///< The list's own time, the latest that it can be, where it is not dated.
        /// False: it may have come before the send, or be another shot's.
        bool adoptable = true;
    };

    void take_page(const HttpAnswer& answer, Instant now);
    [[nodiscard]] bool asks_anew();
    void take_rows(const eachlabs::ExecutionPage& page);
    void end_list();
    void take_row(const eachlabs::Execution& execution);
    [[nodiscard]] bool is_another_models(const eachlabs::Execution& execution) const;
    void take_input(const HttpAnswer& answer);
    void take_witness(const HttpAnswer& answer);
    [[nodiscard]] WallTime reach(WallTime from, const ProviderTime& time) const;
    [[nodiscard]] std::optional<std::string> next_witness() const;
    [[nodiscard]] bool lists_ours(const std::string& prediction) const;
    void testify(ShotRef shot, const std::string& shown);
    [[nodiscard]] bool may_be_ours(const std::map<ShotRef, std::string>& own, const std::string& shown,
                                   bool is_plainly_anothers) const;
    void fail(int http_status, std::string cause, std::optional<Duration> retry_after);
    [[nodiscard]] std::map<ShotRef, std::string> inputs_in_question();
    void take_out_ours();
    [[nodiscard]] std::optional<ShotRef> held_that_called(const std::string& prediction,
                                                          const std::string& shown) const;
    void show_unread(const Candidate& candidate);
    bool show(const Candidate& candidate, const std::map<ShotRef, std::string>& own, const std::string& shown,
              bool is_plainly_anothers);
    [[nodiscard]] Fact report();

    Parts parts_;
    event::ListLooked seen_;
    std::optional<event::ListFailed> failed_;
    std::optional<WallTime> asked_from_; ///< Of the list, when the provider's clock is known.
    bool asked_anew_ = false;            ///< With what the list's own clock said.
    Instant back_to_;                    ///< See action::Look.
    WallTime from_;                      ///< Older executions are no doubt's.
    WallTime reach_;                     ///< From here on the list is to be read.
    bool pages_left_ = true;
    std::size_t offset_ = 0;
    std::string last_id_; ///< Of the page before: the next one must show it again.
    std::vector<Candidate> candidates_;
    std::size_t next_candidate_ = 0; ///< The first whose input may have to be asked for.
    std::size_t inputs_asked_ = 0;
    std::optional<std::string> witness_;      ///< A prediction of ours, in the list if there is one.
    std::optional<std::string> acquaintance_; ///< One from before the creates in doubt, else any.
    std::set<std::string> witnesses_asked_;
    std::optional<std::string> asking_witness_; ///< What next() has asked for, if it was one of these.
};

} // namespace reeld
