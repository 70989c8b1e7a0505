#include "daemon/journal/batch_table.h"

#include "daemon/journal/string_list.h"

#include <algorithm>
#include <bit>
#include <cassert>

#include <fmt/format.h>

namespace reeld {

namespace {

// Whether a batch is accepted or finished is asked of its events; each answer is a look-up in event_subject.
constexpr std::string_view kSelectBatches = R"sql(
SELECT key, name, storyboard, folder, sha256, shot_count, models,
       source_path, source_device, source_inode, source_size_bytes, source_modified_ns,
       (SELECT wall FROM event WHERE batch = key AND shot IS NULL AND kind = 'batch_accepted'
        ORDER BY seq LIMIT 1) AS accepted_at,
       (SELECT wall FROM event WHERE batch = key AND shot IS NULL AND kind = 'manifest_written'
        ORDER BY seq DESC LIMIT 1) AS finished_at,
       (SELECT at FROM event WHERE batch = key AND shot IS NULL AND kind = 'manifest_written'
        ORDER BY seq DESC LIMIT 1) AS finished_instant,
       (SELECT seq FROM event WHERE batch = key AND shot IS NULL AND kind = 'batch_accepted'
        ORDER BY seq LIMIT 1) AS accepted_seq
FROM batch WHERE )sql";

std::string select_batches(std::string_view condition) {
    return std::string(kSelectBatches).append(condition);
}

std::vector<std::string> read_strings(std::string_view text, std::string_view column) {
    std::optional<std::vector<std::string>> strings = decode_strings(text);
    if (!strings) throw damaged(fmt::format("the column {} holds no list", column));
    return *std::move(strings);
}

std::optional<WallTime> read_wall(const Rows& rows, int column) {
    if (rows.is_null(column)) return std::nullopt;
    return WallTime{Duration{rows.integer<std::int64_t>(column)}};
}

BatchRow read_batch(const Rows& rows) {
    BatchRow row;
    row.key = rows.integer<BatchKey>(0);
    row.name = rows.text(1);
    row.storyboard = rows.text(2);
    row.folder = rows.text(3);
    row.sha256 = rows.text(4);
    row.shot_count = rows.integer<std::uint32_t>(5);
    row.models = read_strings(rows.text(6), "batch.models");
    row.source.path = rows.text(7);
    row.source.device = std::bit_cast<std::uint64_t>(rows.integer<std::int64_t>(8));
    row.source.inode = std::bit_cast<std::uint64_t>(rows.integer<std::int64_t>(9));
    row.source.size_bytes = rows.integer<std::int64_t>(10);
    row.source.modified_ns = rows.integer<std::int64_t>(11);
    row.accepted_at = read_wall(rows, 12).value_or(WallTime{});
    if (const auto wall = read_wall(rows, 13))
        row.finished_at = Stamp{.at = Instant{Duration{rows.integer<std::int64_t>(14)}}, .wall = *wall};
    return row;
}

std::vector<BatchRow> read_batches(Rows rows) {
    std::vector<BatchRow> batches;
    while (rows.next()) batches.push_back(read_batch(rows));
    return batches;
}

std::uint16_t index_of(const std::vector<std::string>& models, const std::string& model) {
    const auto found = std::find(models.begin(), models.end(), model);
    assert(found != models.end() && "a shot's model is not among its batch's");
    return static_cast<std::uint16_t>(found - models.begin());
}

} // namespace

BatchTable::BatchTable(Database& db)
    : insert_batch_(db, "INSERT INTO batch (key, name, storyboard, folder, sha256, shot_count, models, "
                        "source_path, source_device, source_inode, source_size_bytes, "
                        "source_modified_ns) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      insert_shot_(db,
                   "INSERT INTO shot (batch, position, model, priority, clip_seconds, id, note, tags, input) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      free_name_(db, "UPDATE batch SET name = NULL WHERE key = ?"),
      delete_batch_(db, "DELETE FROM batch WHERE key = ?"),
      delete_shots_(db, "DELETE FROM shot WHERE batch = ? AND position >= ?"),
      delete_unaccepted_(db, "DELETE FROM batch WHERE NOT EXISTS (SELECT 1 FROM event WHERE batch = key AND "
                             "shot IS NULL AND kind = 'batch_accepted')"),
      select_batch_(db, select_batches("key = ?")),
      select_accepted_(db, select_batches("accepted_seq IS NOT NULL ORDER BY accepted_seq")),
      select_by_bytes_(db,
                       select_batches("sha256 = ? AND accepted_seq IS NOT NULL ORDER BY accepted_seq DESC")),
      select_name_(db, "SELECT 1 FROM batch WHERE name = ?"),
      select_shot_(db,
                   "SELECT model, priority, clip_seconds, id, note, tags, input, "
                   "(SELECT models FROM batch WHERE key = batch) FROM shot WHERE batch = ? AND position = ?"),
      select_position_(db, "SELECT position FROM shot WHERE batch = ? AND id = ?"),
      select_ids_(db, "SELECT id FROM shot WHERE batch = ? ORDER BY position LIMIT ?"),
      select_head_(db, "SELECT name, models, shot_count FROM batch WHERE key = ?"),
      select_facts_(db, "SELECT position, model, priority, clip_seconds FROM shot WHERE batch = ? "
                        "ORDER BY position") {
    // AUTOINCREMENT keeps the highest key that was ever used, also of batches that were dropped.
    Statement select(db, "SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'batch'");
    Rows rows = select.query();
    if (rows.next()) last_key_ = rows.integer<BatchKey>(0);
}

BatchTable::OpenBatch& BatchTable::open_batch(BatchKey key) {
    const auto found = state_.open.find(key);
    assert(found != state_.open.end() && "the batch is not open");
    return found->second;
}

void BatchTable::drop_unaccepted() {
    delete_unaccepted_.run();
}

void BatchTable::add(BatchKey key, const BatchRow& row) {
    insert_batch_.run(
        key, row.name, row.storyboard, row.folder, row.sha256, row.shot_count, encode_strings(row.models),
        row.source.path, std::bit_cast<std::int64_t>(row.source.device),
        std::bit_cast<std::int64_t>(row.source.inode), row.source.size_bytes, row.source.modified_ns);
    state_.open[key] = {.models = row.models, .shot_count = row.shot_count, .shots_added = 0};
}

void BatchTable::add_shots(BatchKey batch, std::uint32_t first_index, std::span<const StoryboardShot> shots) {
    OpenBatch& open = open_batch(batch);
    assert(first_index == open.shots_added && "shots are added in order, each once");
    std::uint32_t position = first_index;
    for (const StoryboardShot& shot : shots) {
        insert_shot_.run(batch, position, index_of(open.models, shot.model), shot.priority, shot.clip_seconds,
                         shot.id, shot.note, encode_strings(shot.tags), shot.input);
        ++position;
    }
    open.shots_added = position;
}

void BatchTable::drop(BatchKey batch) {
    state_.dropped.push_back({.key = batch, .shots_left = open_batch(batch).shots_added});
    state_.open.erase(batch);
    free_name_.run(batch);
}

void BatchTable::sweep() {
    if (state_.dropped.empty()) return;
    DroppedBatch& batch = state_.dropped.back();
    batch.shots_left -= std::min(batch.shots_left, kSweptShotsMax);
    delete_shots_.run(batch.key, batch.shots_left);
    if (batch.shots_left > 0) return;
    delete_batch_.run(batch.key);
    state_.dropped.pop_back();
}

void BatchTable::accept(const BatchFacts& facts) {
    [[maybe_unused]] const OpenBatch& open = open_batch(facts.key);
    assert(open.shots_added == open.shot_count && "a batch is accepted when all its shots are there");
    assert(facts.shots.size() == open.shot_count && facts.models == open.models);
    state_.open.erase(facts.key);
}

ShotRow BatchTable::shot(ShotRef ref) {
    Rows rows = select_shot_.query(ref.batch, ref.index);
    if (!rows.next()) {
        throw damaged(fmt::format("batch {} has no shot {}", ref.batch, ref.index));
    }
    ShotRow row{.ref = ref, .shot = {}};
    const std::vector<std::string> models = read_strings(rows.text(7), "batch.models");
    const auto model = rows.integer<std::uint16_t>(0);
    if (model >= models.size()) throw damaged(fmt::format("no model {}", model));
    row.shot.model = models[model];
    row.shot.priority = rows.integer<std::int16_t>(1);
    row.shot.clip_seconds = rows.integer<std::uint16_t>(2);
    row.shot.id = rows.text(3);
    row.shot.note = rows.text(4);
    row.shot.tags = read_strings(rows.text(5), "shot.tags");
    row.shot.input = rows.text(6);
    return row;
}

std::optional<std::uint32_t> BatchTable::position_of(BatchKey batch, const std::string& shot_id) {
    Rows rows = select_position_.query(batch, shot_id);
    if (!rows.next()) return std::nullopt;
    return rows.integer<std::uint32_t>(0);
}

std::vector<std::string> BatchTable::shot_ids(BatchKey batch, std::uint32_t count_max) {
    std::vector<std::string> ids;
    Rows rows = select_ids_.query(batch, count_max);
    while (rows.next()) ids.emplace_back(rows.text(0));
    return ids;
}

BatchRow BatchTable::batch(BatchKey key) {
    Rows rows = select_batch_.query(key);
    if (!rows.next()) throw damaged(fmt::format("there is no batch {}", key));
    return read_batch(rows);
}

std::vector<BatchRow> BatchTable::accepted() {
    return read_batches(select_accepted_.query());
}

std::vector<BatchRow> BatchTable::accepted_with_bytes(const std::string& sha256) {
    return read_batches(select_by_bytes_.query(sha256));
}

bool BatchTable::name_taken(const std::string& name) {
    return select_name_.query(name).next();
}

BatchFacts BatchTable::facts(BatchKey key) {
    Rows head = select_head_.query(key);
    if (!head.next()) throw damaged(fmt::format("batch {} is missing", key));
    BatchFacts facts{.key = key,
                     .name = std::string(head.text(0)),
                     .models = read_strings(head.text(1), "batch.models"),
                     .shots = {}};
    Rows rows = select_facts_.query(key);
    while (rows.next()) {
        const ShotFacts shot{.model = rows.integer<std::uint16_t>(1),
                             .priority = rows.integer<std::int16_t>(2),
                             .clip_seconds = rows.integer<std::uint16_t>(3)};
        const bool in_place = rows.integer<std::size_t>(0) == facts.shots.size();
        if (!in_place || shot.model >= facts.models.size()) {
            throw damaged(fmt::format("shot {} of batch {} is missing or damaged", facts.shots.size(), key));
        }
        facts.shots.push_back(shot);
    }
    if (facts.shots.empty() || facts.shots.size() != head.integer<std::size_t>(2)) {
        throw damaged(fmt::format("batch {} has {} shots instead of {}", key, facts.shots.size(),
                                  head.integer<std::int64_t>(2)));
    }
    return facts;
}

} // namespace reeld
