/// The journal: the durable list of facts, in SQLite (WAL, synchronous=FULL).
///
/// Tables (schema.h): immutable `batch` and `shot` (the input as it will be sent), and `event`, append-only.
/// What append() and the add_… calls say becomes durable together at the next commit(); after it has
/// returned, not even a power cut takes it back. Replaying the events in order through Ledger::apply is how
/// the program starts.
///
/// Threading: one connection, one thread; never carried across fork() (children are exec'ed, and no
/// descriptor of the journal survives that).
/// Errors: opening throws JournalError with what to do about it. While commit() returns an error, no action
/// that needed it may be performed. There are two kinds:
///  - The journal *stalls* when it cannot be written for now (a full or read-only disk, another program's
///    lock, a file that was moved away). Nothing is lost: all that was written since the last commit is kept
///    in memory and seen by reads, more can be written, and the next commit() tries all of it again.
///  - It *fails*, for good, when nobody knows any more what is on the disk (a failed sync, damage) or who
///    else writes to it (the lock's file is gone): every later write is refused. What was committed before
///    can still be read.
/// A read that fails throws JournalError: a program that cannot trust its journal must stop. A journal is
/// never recreated silently.
#pragma once

#include "daemon/journal/batch_rows.h"
#include "daemon/journal/journal_error.h"
#include "jobs/queue/event.h"
#include "jobs/storyboard/storyboard.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace reeld {

class Journal {
public:
    struct Options {
        std::filesystem::path folder; ///< The state folder; made (mode 0700) when it is missing.
        std::string provider; ///< The base URL, or "sandbox". A journal belongs to one provider for life.
        std::string vfs; ///< A registered SQLite VFS, for tests that make the disk fail. Empty: the usual.
    };

    /// Takes the folder's lock, opens or makes the journal, checks its version, and drops batches that a
    /// crash left half loaded. Throws JournalError.
    explicit Journal(const Options& options);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// The offset to hand to Loop::set_clock_offset so that the journal's timeline goes on, given both clocks
    /// now (`boot` is CLOCK_BOOTTIME since boot). Within one boot it is the offset of last time; after a
    /// reboot it makes the timeline go on by the wall clock, or from the last event when the wall clock has
    /// stepped back: at = last_event_at + max(0, wall - last_event_wall). A new timeline starts at the wall
    /// clock's microseconds since the epoch. Call it once, before the first append(); what it remembers lands
    /// at the next commit().
    struct Resumed {
        Duration offset{};
        bool same_boot = false;
        bool first_start = false; ///< Nobody resumed this journal before.
    };
    Resumed resume(const std::string& boot_id, Duration boot, WallTime wall);

    /// Every event, oldest first. Events of BatchAccepted carry all their facts. Throws JournalError, naming
    /// the event's number and kind, at the first that cannot be read or cannot follow the one before.
    void replay(const std::function<void(const Event&)>& apply) const;

    // --- Writing. All of it lands at the next commit(). A failed journal writes nothing. ---

    /// Opens a batch. It is invisible (to replay, too) until an event BatchAccepted with its key is appended;
    /// a batch that is not accepted before the program ends is dropped at the next start. `row.key` and its
    /// times are ignored; returns the new key, 0 on a failed journal. Precondition: !name_taken(row.name).
    BatchKey add_batch(const BatchRow& row);

    /// Adds shots to an open batch, in order, in as many calls as the caller likes. Precondition: each one's
    /// model is among the batch's. 500 shots and their commit take about 10 ms, mostly the disk's.
    void add_shots(BatchKey batch, std::uint32_t first_index, std::span<const StoryboardShot> shots);

    /// Drops an open batch that will not be accepted. Its name is free again; its rows go bit by bit, with
    /// the next commits, or at the next start.
    void drop_batch(BatchKey batch);

    /// Appends a durable event. Preconditions: is_durable(event.fact); the stamp is not before the last
    /// one's; the batch of a BatchAccepted is open and has all its shots, and the facts are those of
    /// its rows.
    void append(const Event& event);

    /// Makes everything since the last commit durable with one sync. Returns std::nullopt, or why it could
    /// not, with what to do: the journal stalls, or is failed(). Without anything to write it costs nothing.
    [[nodiscard]] std::optional<std::string> commit();

    [[nodiscard]] bool failed() const;

    /// A word that no other journal has, for marking what is this one's. The same at every start, unless the
    /// disk was full ever since the journal was made.
    [[nodiscard]] const std::string& id() const;

    /// Whether the next commit() has anything to write.
    [[nodiscard]] bool owes_commit() const;

    /// The events that are not durable, oldest first: those since the last commit that succeeded, also those
    /// that a failed journal has refused.
    [[nodiscard]] std::vector<Event> uncommitted() const;

    // --- Reading. Sees what was added since the last commit, too. Throws JournalError. ---

    /// Precondition: the shot was added.
    [[nodiscard]] ShotRow shot(ShotRef ref) const;
    /// The shot of that id, if the batch has one. Looks through the batch: 100,000 shots take some 30 ms.
    [[nodiscard]] std::optional<ShotRef> find_shot(BatchKey batch, const std::string& id) const;
    /// The ids of its first shots, in storyboard order.
    [[nodiscard]] std::vector<std::string> shot_ids(BatchKey batch, std::uint32_t count_max) const;
    /// Precondition: the batch is open or accepted.
    [[nodiscard]] BatchRow batch(BatchKey key) const;
    [[nodiscard]] std::vector<BatchRow> batches() const;                ///< Accepted ones, oldest first.
    [[nodiscard]] bool name_taken(const std::string& batch_name) const; ///< By an accepted or an open batch.

    /// Accepted batches whose file had these bytes, newest first.
    [[nodiscard]] std::vector<BatchRow> batches_with_bytes(const std::string& sha256) const;

    /// The shot's own events, oldest first; its batch's are not among them.
    [[nodiscard]] std::vector<Event> events_of(ShotRef ref) const;

    /// Whether any shot ever had this prediction: it was accepted, or adopted.
    [[nodiscard]] bool knows_prediction(const std::string& prediction) const;

    /// The shot that had this prediction.
    [[nodiscard]] std::optional<ShotRef> shot_of_prediction(const std::string& prediction) const;

    /// A prediction that some shot had: the newest until then where one is quickly found, else any. None:
    /// there never was one.
    [[nodiscard]] std::optional<std::string> some_prediction(Instant until) const;

    /// JSON Schemas of models learned from the provider: slug and schema text, by slug.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> learned_models() const;

    /// Remembers a model's schema, or replaces it. Lands at the next commit(), like all writing.
    void learn_model(const std::string& slug, const std::string& schema);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace reeld
