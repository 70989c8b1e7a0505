#include "daemon/journal/journal.h"

#include "daemon/journal/files_in_place.h"
#include "daemon/journal/journal_file.h"
#include "daemon/journal/replay.h"
#include "daemon/journal/state_lock.h"
#include "daemon/journal/tables.h"
#include "daemon/journal/timeline.h"
#include "daemon/journal/transaction.h"
#include "daemon/random_hex.h"

namespace reeld {

struct Journal::Impl {
    explicit Impl(const Options& options);

    /// Runs `write` inside the transaction of this turn.
    void write(Transaction::Write write);
    void append(const Event& event);

    /// Runs `read` and returns what it returns.
    template <class Read>
    auto read(Read&& read);

    std::optional<std::string> commit();

    std::filesystem::path file;
    StateLock lock;
    OpenedJournal opened;
    std::unique_ptr<Tables> tables;
    std::unique_ptr<Transaction> transaction;
    std::optional<FilesInPlace> in_place;
    std::optional<JournalError> failure;
    std::string id;

private:
    template <class Change>
    void change(Change&& change);
    void fail(const JournalError& error);
};

Journal::Impl::Impl(const Options& options)
    : file(journal_file_in(make_state_folder(options.folder))), lock(file.parent_path()),
      opened(open_journal_file(file.parent_path(), options.provider, options.vfs)) {
    try {
        tables = std::make_unique<Tables>(*opened.db);
        id = tables->meta.get("id").value_or("");
    } catch (const StorageError& error) {
        throw journal_error(file, error);
    }
    transaction = std::make_unique<Transaction>(*opened.db, *tables, opened.log_is_old);
    in_place.emplace(file);
    write([](Tables& it) { it.batches.drop_unaccepted(); });
    if (id.empty()) {
        id = random_hex();
        write([id = id](Tables& it) { it.meta.set("id", id); });
    }
    // A full disk is no reason not to start: the next commit tries again, and says so.
    static_cast<void>(commit());
    if (failure) throw JournalError(*failure);
}

template <class Change>
void Journal::Impl::change(Change&& change) {
    if (failure) return;
    try {
        change();
    } catch (const StorageError& error) {
        fail(failed_journal(file, error));
    }
}

void Journal::Impl::write(Transaction::Write write) {
    change([&] { transaction->add(std::move(write)); });
}

void Journal::Impl::append(const Event& event) {
    if (failure) return transaction->remember(event);
    change([&] { transaction->append(event); });
}

template <class Read>
auto Journal::Impl::read(Read&& read) {
    try {
        return read();
    } catch (const StorageError& error) {
        opened.db->leave_as_is(true);
        throw journal_error(file, error);
    }
}

std::optional<std::string> Journal::Impl::commit() {
    if (failure) return failure->what();
    if (transaction->empty()) return std::nullopt;
    auto passing = in_place->why_not();
    if (!passing && !lock.in_place()) fail(lost_lock(file));
    if (!passing) change([&] { passing = transaction->commit(); });
    if (failure) return failure->what();
    if (passing) return stalled_journal(file, *passing);
    return std::nullopt;
}

void Journal::Impl::fail(const JournalError& error) {
    failure.emplace(error);
    opened.db->leave_as_is(true);
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
    impl_->write([boot_id, offset = std::to_string(start.offset.count())](Tables& tables) {
        tables.meta.set("boot_id", boot_id);
        tables.meta.set("offset_us", offset);
    });
    return {.offset = start.offset, .same_boot = start.same_boot, .first_start = !record};
}

void Journal::replay(const std::function<void(const Event&)>& apply) const {
    impl_->read([&] { replay_events(impl_->tables->events, impl_->tables->batches, apply); });
}

BatchKey Journal::add_batch(const BatchRow& row) {
    if (impl_->failure) return 0;
    const BatchKey key = impl_->tables->batches.new_key();
    impl_->write([key, row](Tables& tables) { tables.batches.add(key, row); });
    return key;
}

void Journal::add_shots(BatchKey batch, std::uint32_t first_index, std::span<const StoryboardShot> shots) {
    impl_->write([batch, first_index, kept = std::vector(shots.begin(), shots.end())](Tables& tables) {
        tables.batches.add_shots(batch, first_index, kept);
    });
}

void Journal::drop_batch(BatchKey batch) {
    impl_->write([batch](Tables& tables) { tables.batches.drop(batch); });
}

void Journal::append(const Event& event) {
    impl_->append(event);
}

std::optional<std::string> Journal::commit() {
    return impl_->commit();
}

bool Journal::failed() const {
    return impl_->failure.has_value();
}

const std::string& Journal::id() const {
    return impl_->id;
}

bool Journal::owes_commit() const {
    return !impl_->transaction->empty();
}

std::vector<Event> Journal::uncommitted() const {
    return impl_->transaction->uncommitted();
}

ShotRow Journal::shot(ShotRef ref) const {
    return impl_->read([&] { return impl_->tables->batches.shot(ref); });
}

std::optional<ShotRef> Journal::find_shot(BatchKey batch, const std::string& id) const {
    return impl_->read([&]() -> std::optional<ShotRef> {
        const auto position = impl_->tables->batches.position_of(batch, id);
        if (!position) return std::nullopt;
        return ShotRef{.batch = batch, .index = *position};
    });
}

std::vector<std::string> Journal::shot_ids(BatchKey batch, std::uint32_t count_max) const {
    return impl_->read([&] { return impl_->tables->batches.shot_ids(batch, count_max); });
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

bool Journal::knows_prediction(const std::string& prediction) const {
    return shot_of_prediction(prediction).has_value();
}

std::optional<std::string> Journal::some_prediction(Instant until) const {
    return impl_->read([&] { return impl_->tables->events.some_prediction(until); });
}

std::optional<ShotRef> Journal::shot_of_prediction(const std::string& prediction) const {
    return impl_->read([&] { return impl_->tables->events.shot_of_prediction(prediction); });
}

std::vector<std::pair<std::string, std::string>> Journal::learned_models() const {
    return impl_->read([&] { return impl_->tables->learned_models.all(); });
}

void Journal::learn_model(const std::string& slug, const std::string& schema) {
    impl_->write([slug, schema](Tables& tables) { tables.learned_models.set(slug, schema); });
}

} // namespace reeld
