/// The queue: facts in, decisions out. A value that reads no clock, no file and no socket.
#pragma once

#include "jobs/queue/ledger.h"
#include "jobs/queue/scheduler.h"

#include <optional>
#include <string>
#include <utility>

namespace reeld {

/// The ledger and its scheduler, kept in step. See those two for the contracts of what is forwarded.
class Queue {
public:
    Queue(const Ledger::Rules& rules, const Scheduler::Options& options)
        : ledger_(rules), scheduler_(options) {}

    [[nodiscard]] std::string why_illegal(const Event& event) const { return ledger_.why_illegal(event); }

    /// The one door for facts. Precondition: why_illegal(event) is empty.
    void apply(const Event& event) {
        ledger_.apply(event);
        scheduler_.note(ledger_, event);
    }

    [[nodiscard]] std::optional<Action> next(Instant now) { return scheduler_.next(ledger_, now); }
    [[nodiscard]] Instant wake_at(Instant now) const { return scheduler_.wake_at(ledger_, now); }
    /// For whoever measures how long a create waited that nothing forbade.
    [[nodiscard]] Instant creates_from(Instant now) const { return scheduler_.creates_from(ledger_, now); }

    /// The two things beside facts that a scheduler is told: which batches this program creates for, and
    /// when.
    void allow(BatchKey batch) { scheduler_.allow(ledger_, batch); }
    void set_hours(BatchKey batch, std::optional<OpenSpans> spans, Instant now) {
        scheduler_.set_hours(ledger_, batch, std::move(spans), now);
    }
    void stop_creating() { scheduler_.stop_creating(); }

    [[nodiscard]] const Ledger& ledger() const { return ledger_; }
    [[nodiscard]] const Scheduler& scheduler() const { return scheduler_; }

private:
    Ledger ledger_;
    Scheduler scheduler_;
};

} // namespace reeld
