#include "daemon/journal/journal.h"

#include "daemon/journal/batch_table.h"
#include "daemon/journal/event_table.h"
#include "daemon/journal/journal_file.h"
#include "daemon/journal/learned_model_table.h"
#include "daemon/journal/meta_table.h"
#include "daemon/journal/replay.h"
#include "daemon/journal/state_lock.h"
#include "daemon/journal/timeline.h"

#include <fmt/format.h>

namespace reeld {

namespace {

namespace fs = std::filesystem;

/// Pages of 4 KiB in the log before it is moved into the file. Moving them costs one more sync and a few
/// milliseconds; a smaller number would pay that more often, a larger one longer at a time.
constexpr int kLogPagesMax = 1000;

struct Tables {
    explicit Tables(Database& db) : meta(db), batches(db), events(db), learned_models(db) {}

    MetaTable meta;
    BatchTable batches;
    EventTable events;
    LearnedModelTable learned_models;
};

} // namespace

struct Journal::Impl {
    explicit Impl(const Options& options);

    /// Runs `write` inside the transaction of this turn, and begins that when there is none.
    template <class Write>
    void write(Write&& write);

    /// Runs `read` and returns what it returns.
    template <class Read>
    auto read(Read&& read);

    void commit();
    void fail(const StorageError& error);

    fs::path file;
    StateLock lock;
    std::unique_ptr<Database> db;
    std::unique_ptr<Tables> tables;
    std::optional<std::string> failure;
};

Journal::Impl::Impl(const Options& options)
    : file(journal_file_in(make_state_folder(options.folder))), lock(file.parent_path()),
      db(open_journal_file(file.parent_path(), options.provider, options.vfs)) {
    try {
        tables = std::make_unique<Tables>(*db);
    } catch (const StorageError& error) {
        throw journal_error(file, error);
    }
    write([&] { tables->batches.drop_unaccepted(); });
    commit();
    if (failure) throw JournalError(JournalError::Kind::unwritable, *failure);
}

template <class Write>
void Journal::Impl::write(Write&& write) {
    if (failure) return;
    try {
        if (!db->in_transaction()) db->execute("BEGIN IMMEDIATE");
        write();
    } catch (const StorageError& error) {
        fail(error);
    }
}

template <class Read>
auto Journal::Impl::read(Read&& read) {
    try {
        return read();
    } catch (const StorageError& error) {
        throw journal_error(file, error);
    }
}

void Journal::Impl::commit() {
    if (failure || !db->in_transaction()) return;
    try {
        tables->batches.sweep();
        db->execute("COMMIT");
        if (db->log_pages() >= kLogPagesMax) db->checkpoint();
    } catch (const StorageError& error) {
        fail(error);
    }
}

void Journal::Impl::fail(const StorageError& error) {
    failure = fmt::format("cannot write the journal {}: {}. Nothing of this step was sent. Free space on the "
                          "disk or check it, then start reeld again: it goes on from its last record",
                          file.native(), error.what());
    db->leave_as_is();
    try {
        if (db->in_transaction()) db->execute("ROLLBACK");
    } catch (const StorageError&) {
        // There is nothing left to save: the file is as the last commit left it.
    }
}

Journal::Journal(const Options& options) : impl_(std::make_unique<Impl>(options)) {}

Journal::~Journal() = default;

Journal::Resumed Journal::resume(const std::string& boot_id, Duration boot, WallTime wall) {
    const auto record = impl_->read([&]() -> std::optional<TimelineRecord> {
        MetaTable& meta = impl_->tables->meta;
        const std::optional<std::string> earlier_boot = meta.get("boot_id");
        if (!earlier_boot) return std::nullopt;
        const Duration offset{meta.get_integer("offset_us").value_or(0)};
        if (offset > kTimeMax || offset < -kTimeMax) throw damaged("meta.offset_us is no time");
        return TimelineRecord{
            .boot_id = *earlier_boot, .offset = offset, .last_event = impl_->tables->events.last_stamp()};
    });
    const TimelineStart start = start_timeline(record, {.boot_id = boot_id, .boot = boot, .wall = wall});
    impl_->write([&] {
        impl_->tables->meta.set("boot_id", boot_id);
        impl_->tables->meta.set("offset_us", std::to_string(start.offset.count()));
    });
    return {.offset = start.offset, .same_boot = start.same_boot, .first_start = !record};
}

void Journal::replay(const std::function<void(const Event&)>& apply) const {
    impl_->read([&] { replay_events(impl_->tables->events, impl_->tables->batches, apply); });
}

BatchKey Journal::add_batch(const BatchRow& row) {
    BatchKey key = 0;
    impl_->write([&] { key = impl_->tables->batches.add(row); });
    return key;
}

void Journal::add_shots(BatchKey batch, std::uint32_t first_index, std::span<const StoryboardShot> shots) {
    impl_->write([&] { impl_->tables->batches.add_shots(batch, first_index, shots); });
}

void Journal::drop_batch(BatchKey batch) {
    impl_->write([&] { impl_->tables->batches.drop(batch); });
}

void Journal::append(const Event& event) {
    impl_->write([&] {
        if (const auto* it = std::get_if<event::BatchAccepted>(&event.fact))
            impl_->tables->batches.accept(it->batch);
        impl_->tables->events.append(event);
    });
}

std::optional<std::string> Journal::commit() {
    impl_->commit();
    return impl_->failure;
}

bool Journal::failed() const {
    return impl_->failure.has_value();
}

ShotRow Journal::shot(ShotRef ref) const {
    return impl_->read([&] { return impl_->tables->batches.shot(ref); });
}

BatchRow Journal::batch(BatchKey key) const {
    return impl_->read([&] { return impl_->tables->batches.batch(key); });
}

std::vector<BatchRow> Journal::batches() const {
    return impl_->read([&] { return impl_->tables->batches.accepted(); });
}

bool Journal::name_taken(const std::string& batch_name) const {
    return impl_->read([&] { return impl_->tables->batches.name_taken(batch_name); });
}

std::vector<BatchRow> Journal::batches_with_bytes(const std::string& sha256) const {
    return impl_->read([&] { return impl_->tables->batches.accepted_with_bytes(sha256); });
}

std::vector<Event> Journal::events_of(ShotRef ref) const {
    return impl_->read([&] { return impl_->tables->events.of(ref); });
}

std::vector<std::pair<std::string, std::string>> Journal::learned_models() const {
    return impl_->read([&] { return impl_->tables->learned_models.all(); });
}

void Journal::learn_model(const std::string& slug, const std::string& schema) {
    impl_->write([&] { impl_->tables->learned_models.set(slug, schema); });
}

} // namespace reeld
