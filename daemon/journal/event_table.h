/// The table `event`: what happened, append-only. What is said of threads and errors in sqlite.h holds here.
#pragma once

#include "daemon/journal/sqlite.h"
#include "jobs/queue/event.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace reeld {

class EventTable {
public:
    explicit EventTable(Database& db);

    /// Precondition: is_durable(event.fact).
    void append(const Event& event);

    /// Every event, oldest first, as its row tells it: BatchAccepted has nothing but its key. Throws
    /// StorageError, naming the event's number and kind, at the first that cannot be read.
    void each(const std::function<void(std::int64_t seq, Event&&)>& visit);

    /// The shot's events, oldest first.
    [[nodiscard]] std::vector<Event> of(ShotRef ref);

    /// The shot that has this prediction, as an event says.
    [[nodiscard]] std::optional<ShotRef> shot_of_prediction(const std::string& prediction);

    /// One that an event names: the newest until then, should it be among the last thousands of events until
    /// then.
    [[nodiscard]] std::optional<std::string> some_prediction(Instant until);

    /// The stamp of the newest event.
    [[nodiscard]] std::optional<Stamp> last_stamp();

private:
    Statement insert_;
    Statement select_all_;
    Statement select_of_;
    Statement insert_prediction_;
    Statement select_prediction_;
    Statement select_newest_prediction_;
    Statement select_any_prediction_;
    Statement select_last_;
};

} // namespace reeld
