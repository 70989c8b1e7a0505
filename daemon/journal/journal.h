/// The journal: the durable list of facts, in SQLite (WAL, synchronous=FULL).
///
/// Tables: immutable `batch` and `shot` (the input as it will be sent), and `event`, append-only. What
/// append() and the add_… calls say becomes durable together at the next commit(); after it has returned, not even a power
/// cut takes it back. Replaying the events in order through Ledger::apply is how the program starts.
///
/// Threading: one connection, one thread; never carried across fork() (children are exec'ed).
/// Errors: opening throws JournalError with what to do about it. A failed write or sync puts the journal into the
/// *failed* state: commit() returns the error, every later write is refused, and no action that needed it may be
/// performed. A journal is never recreated silently.
#pragma once

#include "jobs/queue/event.h"
#include "jobs/storyboard/storyboard.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace reeld {

/// Opening failed, or the journal cannot be read.
struct JournalError : std::runtime_error {
    enum class Kind : std::uint8_t {
        in_use, ///< Another program holds the state folder: exit code 4.
        other,  ///< Unreadable, corrupt, of a newer version, of another provider: exit code 2.
    };
    JournalError(Kind kind_, const std::string& message) : std::runtime_error(message), kind(kind_) {}
    Kind kind;
};

/// Where a dropped file was when it was read, to recognise what a crash left behind.
struct SourceIdentity {
    std::string path; ///< Absolute.
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size_bytes = 0;
    std::int64_t modified_ns = 0; ///< Since the epoch.

    friend bool operator==(const SourceIdentity&, const SourceIdentity&) = default;
};

/// An accepted batch, as it was accepted.
struct BatchRow {
    BatchKey key = 0;
    std::string name;       ///< The output folder's name; unique.
    std::string storyboard; ///< The storyboard's own name, before `.2`, `.3` was added.
    std::string folder;     ///< Absolute path of OUTPUT/<batch>.
    std::string sha256;     ///< Of the dropped bytes, lower-case hex.
    std::uint32_t shot_count = 0;
    std::vector<std::string> models;
    SourceIdentity source;
    WallTime accepted_at;
    std::optional<WallTime> finished_at; ///< When ManifestWritten was recorded.
};

/// A shot as it was accepted.
struct ShotRow {
    ShotRef ref;
    StoryboardShot shot;
};

class Journal {
public:
    struct Options {
        std::filesystem::path folder; ///< The state folder; made (mode 0700) when it is missing.
        std::string provider; ///< The base URL, or "sandbox". A journal belongs to one provider for life.
    };

    /// Takes the folder's lock, opens or makes the journal, checks its version, and drops batches that a crash left half loaded.
    /// Throws JournalError.
    explicit Journal(const Options& options);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// The offset to hand to Loop::set_clock_offset so that the journal's timeline goes on, given both clocks now
    /// (`boot` is CLOCK_BOOTTIME since boot). Within one boot it is the offset of last time; after a reboot it makes
    /// the timeline go on by the wall clock, or from the last event when the wall clock has stepped back.
    struct Resumed {
        Duration offset{};
        bool same_boot = false;
        bool first_start = false; ///< The journal is new.
    };
    Resumed resume(const std::string& boot_id, Duration boot, WallTime wall);

    /// Every durable event, oldest first. Events of BatchAccepted carry all their facts.
    void replay(const std::function<void(const Event&)>& apply) const;

    // --- Writing. All of it lands at the next commit(). ---

    /// Opens a batch. It is invisible (to replay, too) until an event BatchAccepted with its key is appended; a batch that is
    /// not accepted before the program ends is dropped at the next start. `row.key` is ignored; returns the new key.
    BatchKey add_batch(const BatchRow& row);

    /// Adds shots to an open batch, in order, in as many calls as the caller likes.
    void add_shots(BatchKey batch, std::uint32_t first_index, std::span<const StoryboardShot> shots);

    /// Drops an open batch that will not be accepted.
    void drop_batch(BatchKey batch);

    /// Appends a durable event. Precondition: is_durable(event.fact).
    void append(const Event& event);

    /// Makes everything since the last commit durable with one sync. Returns std::nullopt, or why it failed; then
    /// the journal is failed for good. Without anything to write it costs nothing.
    [[nodiscard]] std::optional<std::string> commit();

    [[nodiscard]] bool failed() const;

    // --- Reading. Sees what was added since the last commit, too. ---

    [[nodiscard]] ShotRow shot(ShotRef ref) const;
    [[nodiscard]] BatchRow batch(BatchKey key) const;
    [[nodiscard]] std::vector<BatchRow> batches() const;                ///< Accepted ones, oldest first.
    [[nodiscard]] bool name_taken(const std::string& batch_name) const; ///< By an accepted or an open batch.

    /// Accepted batches whose file had these bytes, newest first.
    [[nodiscard]] std::vector<BatchRow> batches_with_bytes(const std::string& sha256) const;

    /// The shot's events, oldest first.
    [[nodiscard]] std::vector<Event> events_of(ShotRef ref) const;

    /// JSON Schemas of models learned from the provider: slug and schema text.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> learned_models() const;
    void learn_model(const std::string& slug, const std::string& schema);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace reeld
