#include "daemon/journal/transaction.h"

#include <utility>

namespace reeld {

namespace {

/// After a disk without space for moving the log: so many pages later it is tried again.
constexpr int kPagesUntilNextTry = 100;

} // namespace

void Transaction::add(Write write) {
    keep(std::move(write));
}

void Transaction::append(const Event& event) {
    keep(event);
}

void Transaction::keep(Kept kept) {
    kept_.push_back(std::move(kept));
    // Those before it could not be made; commit() tries to, and says why not.
    if (kept_.size() > 1 && !db_.in_transaction()) return;
    try {
        begin();
        make(kept_.back());
    } catch (const StorageError& error) {
        set_back(error);
    }
}

std::optional<StorageError> Transaction::commit() {
    if (kept_.empty()) return std::nullopt;
    auto error = try_to_commit();
    // set_back() has moved the log into the file, if it could: there is room now where the log was.
    if (error && error->is_full() && db_.in_transaction()) error = try_to_commit();
    return error;
}

std::optional<StorageError> Transaction::try_to_commit() {
    try {
        if (log_is_old_) empty_old_log();
        if (!db_.in_transaction()) make_all();
        tables_.batches.sweep();
        db_.execute("COMMIT");
    } catch (const StorageError& error) {
        set_back(error);
        return error;
    }
    kept_.clear();
    return std::nullopt;
}

std::vector<Event> Transaction::uncommitted() const {
    std::vector<Event> events;
    for (const Kept& kept : kept_) {
        if (const auto* event = std::get_if<Event>(&kept)) events.push_back(*event);
    }
    return events;
}

void Transaction::begin() {
    if (db_.in_transaction()) return;
    tables_.batches.save();
    // Before this transaction and not after the last one: when the sync fails that belongs to it, nothing of
    // what is being written now is durable, and nothing of it was acted on.
    checkpoint();
    db_.execute("BEGIN IMMEDIATE");
}

void Transaction::make(const Kept& kept) {
    if (const auto* write = std::get_if<Write>(&kept)) return (*write)(tables_);
    const auto& event = std::get<Event>(kept);
    if (const auto* it = std::get_if<event::BatchAccepted>(&event.fact)) tables_.batches.accept(it->batch);
    tables_.events.append(event);
}

void Transaction::make_all() {
    begin();
    for (const Kept& kept : kept_) make(kept);
}

void Transaction::checkpoint() {
    if (db_.log_pages() < checkpoint_pages_) return;
    try {
        db_.checkpoint();
        checkpoint_pages_ = log_pages_max;
    } catch (const StorageError& error) {
        if (!error.may_pass()) throw;
        // Everything is in the log, which just grows for a while.
        checkpoint_pages_ = db_.log_pages() + kPagesUntilNextTry;
    }
}

/// Only between two transactions can the log be moved.
void Transaction::empty_old_log() {
    roll_back();
    db_.empty_log();
    log_is_old_ = false;
}

void Transaction::roll_back() {
    // SQLite has done so already after most errors.
    if (db_.in_transaction()) db_.execute("ROLLBACK");
    tables_.batches.restore();
}

void Transaction::set_back(const StorageError& error) {
    roll_back();
    if (!error.may_pass()) throw error;
    // Whoever keeps the journal locked has been waited for already.
    if (error.is_busy()) return;
    if (error.is_full()) checkpoint_pages_ = 0;
    try {
        make_all();
    } catch (const StorageError& again) {
        roll_back();
        if (!again.may_pass()) throw;
    }
}

} // namespace reeld
