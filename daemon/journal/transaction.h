/// What was written since the last commit: in SQLite, and in memory until a commit has made it durable.
///
/// A disk that is full for an hour must not cost a fact. SQLite rolls back when it cannot write, so each
/// write is kept beside it: after a rollback all of them are made again in a new transaction, which costs no
/// disk, and reads go on seeing them. The next commit() then tries again, until one succeeds.
///
/// Not a queue: whoever writes goes on as if nothing had happened, and keeps small what is written while no
/// commit succeeds. What is said of threads in sqlite.h holds here. Errors: an error that may pass (see
/// StorageError::may_pass) is returned by commit() and loses nothing; any other is thrown, and from then on
/// only remember() and uncommitted() may be called.
#pragma once

#include "daemon/journal/tables.h"
#include "jobs/queue/event.h"

#include <functional>
#include <optional>
#include <variant>
#include <vector>

namespace reeld {

class Transaction {
public:
    /// Writes to the tables and does nothing else; it may run again.
    using Write = std::function<void(Tables&)>;

    /// Borrows both, which must outlive it. `log_is_old`: see OpenedJournal; the first commit empties the log
    /// before it writes, or fails.
    Transaction(Database& db, Tables& tables, bool log_is_old)
        : db_(db), tables_(tables), log_is_old_(log_is_old) {}
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void add(Write write);
    void append(const Event& event);

    /// Keeps an event that will never be written, for uncommitted().
    void remember(const Event& event) { kept_.emplace_back(event); }

    /// Makes all of it durable with one sync. std::nullopt is success, and means also that there was nothing
    /// to do; otherwise why it could not be done now.
    [[nodiscard]] std::optional<StorageError> commit();

    /// The events among what is not durable, in order.
    [[nodiscard]] std::vector<Event> uncommitted() const;

    [[nodiscard]] bool empty() const { return kept_.empty(); }

private:
    using Kept = std::variant<Event, Write>;

    [[nodiscard]] std::optional<StorageError> try_to_commit();
    void keep(Kept kept);
    void begin();
    void make(const Kept& kept);
    void make_all();
    void checkpoint();
    void empty_old_log();
    void roll_back();
    void set_back(const StorageError& error);

    Database& db_;
    Tables& tables_;
    bool log_is_old_;
    std::vector<Kept> kept_; ///< Made in SQLite, too, if and only if a transaction is open there.
    int checkpoint_pages_ = log_pages_max; ///< Pages in the log from which on it is moved into the file.

    /// Pages of 4 KiB in the log before it is moved into the file. Moving them costs one more sync and a few
    /// milliseconds; a smaller number would pay that more often, a larger one longer at a time.
    static constexpr int log_pages_max = 1000;
};

} // namespace reeld
