/// Decisions: what is to be done now, out of what has happened.
///
/// The scheduler holds only what the moment knows (order, polls due, backoffs), all of it rebuilt by replay.
/// It acts on nothing: whoever takes an action performs it and reports what came of it as events.
#pragma once

#include "jobs/queue/action.h"
#include "jobs/queue/deadlines.h"
#include "jobs/queue/ledger.h"
#include "jobs/queue/open_hours.h"
#include "jobs/queue/poll_agenda.h"
#include "jobs/queue/poll_schedule.h"
#include "jobs/queue/run_order.h"
#include "jobs/queue/settling.h"
#include "jobs/queue/webhook_trust.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace reeld {

class Scheduler {
public:
    struct Options {
        PollPolicy polling;
        SettlePolicy settling;
        int polls_at_once = 128;   ///< Polls under way, at most. At least 1.
        std::uint64_t dice = 1;    ///< Seed of the polls' jitter.
        bool only_allowed = false; ///< Create only shots of batches named to allow(); the others' predictions
                                   ///< are polled all the same.
    };

    explicit Scheduler(const Options& options) : options_(options), settling_(options.settling) {}

    /// Takes note of an event that `ledger` has just applied.
    void note(const Ledger& ledger, const Event& event);

    /// With `only_allowed`: from now on this batch's shots are created, too; repeating it changes nothing.
    /// Requires that the batch was accepted.
    void allow(const Ledger& ledger, BatchKey batch);

    /// The batch's creates start within these spans only; nothing: at any time. What runs goes on. `spans`
    /// are to be said anew before the last of them is over, after which the batch stays closed. Requires that
    /// the batch was accepted.
    void set_hours(const Ledger& ledger, BatchKey batch, std::optional<OpenSpans> spans, Instant now);
    [[nodiscard]] const OpenHours& hours() const { return hours_; }
    /// Batches that wait for their hours, as next() saw it last.
    [[nodiscard]] std::size_t closed_batches() const { return closed_.size(); }

    /// When the create of a shot in doubt is looked for next; nothing while a look is under way.
    [[nodiscard]] std::optional<Instant> next_look(ShotRef shot) const { return settling_.next_look(shot); }

    /// When a shot that waits after an attempt is queued again; nothing when it does not wait so.
    [[nodiscard]] std::optional<Instant> next_attempt(ShotRef shot) const {
        return backing_off_.due_of(shot);
    }

    /// The shot that is created next, of those that wait for nothing but limits.
    [[nodiscard]] std::optional<ShotRef> next_in_order() const { return order_.next(); }

    /// Whether the batch's shots are created at all: neither paused nor left out by `only_allowed`, nor after
    /// stop_creating(). Its hours are another matter: they come by themselves.
    [[nodiscard]] bool creates_for(const Ledger& ledger, BatchKey batch) const {
        return !stopped_ && wanted(ledger, batch);
    }

    /// Whether the shot renders for longer than polling.give_up and its cancel was sent: nothing but its end
    /// is awaited, which a provider may never tell.
    [[nodiscard]] bool is_given_up(const Ledger& ledger, ShotRef ref, Instant now) const;

    /// From now on nothing new is created; everything else goes on.
    void stop_creating() { stopped_ = true; }

    /// The next thing to do, or nothing at `now`. Some actions promise something and must be recorded by the
    /// taker before next() is called again: Create by CreateIntended, Cancel by PredictionOverdue, Settle by
    /// the fact it carries. A Poll counts as under way until an event about its shot is noted, a Look until
    /// what it showed is. AppendLine and WriteManifest are handed out once; the taker retries them by itself.
    [[nodiscard]] std::optional<Action> next(const Ledger& ledger, Instant now);

    /// When next() will have something to do if nothing happens before: `now` or later, Instant::max() for
    /// never.
    [[nodiscard]] Instant wake_at(const Ledger& ledger, Instant now) const;

    /// From when on next() will hand out a create if nothing happens before: `now` when it would do so at
    /// once, Instant::max() for never. A shot that backs off is none to create until next() was called after
    /// its wait.
    [[nodiscard]] Instant creates_from(const Ledger& ledger, Instant now) const;

private:
    void note_shot(const Ledger& ledger, const Event& event, ShotRef ref);
    void note_program(const Ledger& ledger, const Event& event);
    void note_end(const Ledger& ledger, const Event& event, ShotRef ref);
    struct PollTime {
        Instant due{};
        Duration leeway{};
    };
    [[nodiscard]] PollTime poll_at(const Ledger& ledger, ShotRef ref, Instant now);
    void plan_poll(const Ledger& ledger, ShotRef ref, Instant now);
    void plan_after_failure(ShotRef ref, const event::PollFailed& failed, Instant now);
    void replan_all(const Ledger& ledger, Instant now);
    void replan_peers(const Ledger& ledger, ShotRef ended, Instant now);
    void finish(const Ledger& ledger, ShotRef ref);
    void enqueue(const Ledger& ledger, ShotRef ref);
    void enqueue_all(const Ledger& ledger, BatchKey batch);
    void note_cancel(const Ledger& ledger, ShotRef ref);
    void note_retry(const Ledger& ledger, ShotRef ref);
    void note_webhook(ShotRef ref, Instant now);
    void poll_again_if_called(ShotRef ref, Instant now);
    void promote(const Ledger& ledger, Instant now);
    [[nodiscard]] bool wanted(const Ledger& ledger, BatchKey batch) const {
        const bool is_allowed = !options_.only_allowed || allowed_.contains(batch);
        return is_allowed && !ledger.paused().contains(batch);
    }
    void heed_hours(const Ledger& ledger, BatchKey batch, Instant now);
    [[nodiscard]] std::optional<Action> next_paperwork();
    [[nodiscard]] std::optional<Action> next_cancel(const Ledger& ledger, Instant now);
    [[nodiscard]] std::optional<Action> next_create(const Ledger& ledger, Instant now) const;
    [[nodiscard]] Instant create_at(const Ledger& ledger, Instant now) const;
    [[nodiscard]] double jitter();

    Options options_;
    bool stopped_ = false;
    std::uint64_t throws_ = 0; ///< Of the dice.
    std::set<BatchKey> allowed_;
    OpenHours hours_;
    std::set<BatchKey> closed_;                    ///< By their hours, as they were heeded last.
    std::set<std::pair<Instant, BatchKey>> turns_; ///< When batches open or close next.
    RunOrder order_;
    Deadlines backing_off_; ///< Queued shots that wait before their next attempt.
    PollAgenda polls_;
    std::set<ShotRef> called_; ///< A webhook came while their poll was under way, which may have seen less.
    WebhookTrust webhooks_;
    Settling settling_;
    Deadlines overdue_;         ///< Rendering shots, by when they will have taken too long.
    std::set<ShotRef> cancels_; ///< To be sent at once: a person asked, or a crash may have come before one.
    std::map<BatchKey, std::deque<std::uint32_t>> lines_; ///< Finished shots whose line was not handed out.
    std::set<BatchKey> manifests_; ///< Finished batches whose manifest was not handed out.
};

} // namespace reeld
