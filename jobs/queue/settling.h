/// What became of creates whose answer was lost: when to look for them, and what a look proves.
///
/// The provider has no idempotency key, so a lost create is looked for in its list of executions. An
/// execution is a shot's own when the journal does not know it, its input equals the shot's, and it was not
/// created before the shot's create was sent; one execution settles one doubt. A create that no look shows
/// until `settle` has passed was not created. What no list can settle is tried again or held, by rule.
///
/// A list proves absence only when it shows what must be in it: the last prediction that was accepted before
/// the create was sent, and all since that had as much time as the lost one. One that lacks them is another
/// account's, or of another time.
///
/// Looking begins anew after a restart, but for what the looks before it have found to be suspect, and that
/// there is a list (CreateSought). Threading: none. Times of
/// the provider are compared with times of the provider only; our own clock measures only how long things
/// take.
#pragma once

#include "jobs/queue/action.h"
#include "jobs/queue/execution_time.h"
#include "jobs/queue/ledger.h"
#include "jobs/queue/suspects.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace reeld {

struct SettlePolicy {
    Duration settle =
        std::chrono::minutes{2};   ///< From the loss to the proof that there is nothing. Above zero.
    bool retry_unresolved = false; ///< `on_unresolved: retry`: without a list, lost answers are tried again.
};

class Settling {
public:
    explicit Settling(SettlePolicy policy) : policy_(policy) {}

    /// Takes note of an event that `ledger` has just applied.
    void note(const Ledger& ledger, const Event& event);

    /// A look that is due, or a decision that the last looks led to. A Look counts as under way until its
    /// model's ListLooked or ListFailed is noted; a Settle's fact must be recorded before the next call.
    [[nodiscard]] std::optional<Action> next(const Ledger& ledger, Instant now);

    /// When next() will have something; Instant::max() for never.
    [[nodiscard]] Instant wake_at() const;

    /// When the shot is looked for next; nothing when a look is under way, or it is not in doubt.
    [[nodiscard]] std::optional<Instant> next_look(ShotRef shot) const;

private:
    struct Wanted {
        std::string model;
        Instant since{}; ///< The loss, or that of a twin which was given what could be this one's.
        Instant due{};   ///< Of the next look.
        int looks = 0;   ///< Of the schedule, that were begun.
        Suspects suspects;
    };
    /// The looks at one model's executions, which serve all its doubts.
    struct ModelLooks {
        bool under_way = false;
        bool there_is_a_list = false;   ///< A look has succeeded, be it before the program started.
        bool lacks_ours = false;        ///< The last look lacked what must be in it.
        int failures = 0;               ///< In a row.
        int denials = 0;                ///< Likewise, that the provider said there is no list.
        Instant not_before{};           ///< After a failure, or when the provider asked for a wait.
        std::set<std::string> reported; ///< Strays that the operator was told of.
    };

    /// A prediction of ours that was accepted of late.
    struct Own {
        std::string prediction;
        Instant sent_at{};
        Instant accepted_at{};
    };

    void withdraw_decisions(const Ledger& ledger, const std::string& model);
    void remember_own(const Ledger& ledger, ShotRef ref);
    [[nodiscard]] Instant shown_from(const std::string& model, const ActiveShot& doubt) const;
    [[nodiscard]] bool vouches(const event::ListLooked& look, const ActiveShot& doubt) const;
    void want(const Ledger& ledger, ShotRef ref);
    [[nodiscard]] action::Look begin_look(const Ledger& ledger, const std::string& model, Instant now);
    void on_looked(const Ledger& ledger, const event::ListLooked& seen, Instant now);
    void on_failed(const Ledger& ledger, const event::ListFailed& failed, Instant now);
    void note_suspects(const Ledger& ledger, const event::ListLooked& look);
    void keep_suspects(const Ledger& ledger, const std::string& model);
    void forget_suspect(const std::string& prediction);
    void report(ModelLooks& looks, action::ReportStrays strays);
    void judge_absent(const Ledger& ledger, const event::ListLooked& look, ShotRef ref,
                      const std::set<std::string>& taken);
    [[nodiscard]] bool is_last_look(const event::ListLooked& look, ShotRef ref) const;
    void without_list(const Ledger& ledger, ShotRef ref, const std::string& cause);
    void hold(ShotRef ref, std::string reason);
    [[nodiscard]] Instant deadline(const Ledger& ledger, ShotRef ref) const;
    [[nodiscard]] Duration spacing(int failures) const;
    [[nodiscard]] Instant due_at(const std::string& model) const;

    SettlePolicy policy_;
    std::map<ShotRef, Wanted> wanted_;
    std::map<ShotRef, Suspects> unanswered_; ///< Of creates under way, should their answers be lost.
    std::map<std::string, ModelLooks> models_;
    std::map<std::string, std::deque<Own>> own_; ///< By model, in the order of their answers.
    std::deque<Action> decided_;
};

} // namespace reeld
