/// The hours of batches, as spans of the journal's timeline: said to the queue when a batch comes, before
/// what was said runs out, and when the calendar clock was set.
///
/// A batch has the hours of its storyboard, else those of the configuration; a person may have lifted both
/// (HoursSet). Threading: the loop's. Ownership: borrows the queue, which must outlive it.
#pragma once

#include "jobs/queue/queue.h"
#include "jobs/text/hours.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace reeld {

class BatchHours {
public:
    /// `heeds`: false, and every batch may start at any hour. `configured`: hours as people write them,
    /// checked; empty: any. `trouble` is told once of hours that cannot be told any more, since their zone is
    /// gone from the machine: their batches stay closed.
    BatchHours(Queue& queue, bool heeds, std::string configured,
               std::function<void(const std::string&)> trouble);

    /// Takes note of an event that the queue has just applied.
    void note(const Event& event);

    /// Says what is due. To be called in every turn before the queue is asked what to do.
    void refresh(Stamp now);

    /// When refresh() is due if nothing happens before; Instant::max() when no batch has hours.
    [[nodiscard]] Instant wake_at() const;

private:
    /// Spans by hours, so that batches with the same ones share the work of a turn.
    using Spans = std::map<std::string, OpenSpans>;
    void say(BatchKey batch, Stamp now, Spans& known);
    [[nodiscard]] const OpenSpans& spans_of(const std::string& hours, Stamp now, Spans& known);

    Queue& queue_;
    bool heeds_;
    std::string configured_;
    std::function<void(const std::string&)> trouble_;
    std::set<BatchKey> new_;     ///< Of which nothing was said yet.
    std::set<BatchKey> limited_; ///< Unfinished batches that have hours.
    std::set<std::string> told_;
    Instant said_at_{};       ///< When all of them were, and not only those that had come.
    Duration clocks_apart_{}; ///< The calendar's time on the journal's timeline, then.
    Instant looked_at_{};     ///< At the clocks.
};

} // namespace reeld
