#include "daemon/journal/event_table.h"

#include "daemon/journal/codec.h"
#include "daemon/journal/timeline.h"

#include <cassert>
#include <chrono>

#include <fmt/format.h>

namespace reeld {

namespace {

/// The batch of a fact, and its shot where it is about one. Facts about neither have neither.
struct Subject {
    std::optional<BatchKey> batch;
    std::optional<std::uint32_t> shot;
};

/// NULL stands for all batches.
Subject of_batch_or_all(BatchKey batch) {
    if (batch == kAllBatches) return {};
    return {.batch = batch, .shot = {}};
}

Subject subject_of(const Fact& fact) {
    if (const ShotRef* ref = shot_of(fact)) return {.batch = ref->batch, .shot = ref->index};
    if (const auto* it = std::get_if<event::BatchAccepted>(&fact))
        return {.batch = it->batch.key, .shot = {}};
    if (const auto* it = std::get_if<event::ManifestWritten>(&fact)) return {.batch = it->batch, .shot = {}};
    if (const auto* it = std::get_if<event::Reprioritised>(&fact)) return {.batch = it->batch, .shot = {}};
    if (const auto* it = std::get_if<event::HoursSet>(&fact)) return {.batch = it->batch, .shot = {}};
    if (const auto* it = std::get_if<event::Paused>(&fact)) return of_batch_or_all(it->batch);
    if (const auto* it = std::get_if<event::Resumed>(&fact)) return of_batch_or_all(it->batch);
    return {};
}

[[noreturn]] void fail(std::int64_t seq, std::string_view kind, std::string_view why) {
    throw damaged(fmt::format("event {} ({}) is damaged: {}", seq, kind, why));
}

Duration read_time(const Rows& rows, int column) {
    const Duration time{rows.integer<std::int64_t>(column)};
    if (time > kTimeMax || time < -kTimeMax) {
        throw damaged(fmt::format("{} us is no time", time.count()));
    }
    return time;
}

Stamp read_stamp(const Rows& rows) {
    return {.at = Instant{read_time(rows, 0)}, .wall = WallTime{read_time(rows, 1)}};
}

/// The columns of a row: at, wall, seq, kind, batch, shot, body.
Event read_event(const Rows& rows) {
    const auto seq = rows.integer<std::int64_t>(2);
    const std::string_view kind = rows.text(3);
    // NULL reads as 0, which is right: a fact about a batch as a whole has no shot.
    const ShotRef subject{.batch = rows.integer<BatchKey>(4), .index = rows.integer<std::uint32_t>(5)};
    DecodedFact decoded = decode_fact(kind, subject, rows.text(6));
    if (!decoded.fact) fail(seq, kind, decoded.error);
    const bool names_shot = !rows.is_null(5);
    if (names_shot != (shot_of(*decoded.fact) != nullptr)) fail(seq, kind, "its shot does not fit its kind");
    return {.stamp = read_stamp(rows), .fact = *std::move(decoded.fact)};
}

} // namespace

EventTable::EventTable(Database& db)
    : insert_(db, "INSERT INTO event (at, wall, kind, batch, shot, body) VALUES (?, ?, ?, ?, ?, ?)"),
      select_all_(db, "SELECT at, wall, seq, kind, batch, shot, body FROM event ORDER BY seq"),
      select_of_(db, "SELECT at, wall, seq, kind, batch, shot, body FROM event "
                     "WHERE batch = ? AND shot = ? ORDER BY seq"),
      insert_prediction_(db, "INSERT OR IGNORE INTO prediction (id, batch, shot) VALUES (?, ?, ?)"),
      select_prediction_(db, "SELECT batch, shot FROM prediction WHERE id = ?"),
      select_newest_prediction_(db,
                                "SELECT json_extract(body, '$.prediction') FROM "
                                "(SELECT kind, body FROM event WHERE at <= ? ORDER BY seq DESC LIMIT 10000) "
                                "WHERE kind IN ('create_accepted', 'create_adopted') LIMIT 1"),
      select_any_prediction_(db, "SELECT id FROM prediction LIMIT 1"),
      select_last_(db, "SELECT at, wall FROM event ORDER BY seq DESC LIMIT 1") {}

void EventTable::append(const Event& event) {
    assert(is_durable(event.fact));
    const Subject subject = subject_of(event.fact);
    insert_.run(event.stamp.at.time_since_epoch().count(), event.stamp.wall.time_since_epoch().count(),
                kind_name(event.fact), subject.batch, subject.shot, encode_body(event.fact));
    if (const auto* it = std::get_if<event::CreateAccepted>(&event.fact))
        insert_prediction_.run(it->prediction, it->shot.batch, it->shot.index);
    if (const auto* it = std::get_if<event::CreateAdopted>(&event.fact))
        insert_prediction_.run(it->prediction, it->shot.batch, it->shot.index);
}

void EventTable::each(const std::function<void(std::int64_t seq, Event&&)>& visit) {
    Rows rows = select_all_.query();
    while (rows.next()) visit(rows.integer<std::int64_t>(2), read_event(rows));
}

std::vector<Event> EventTable::of(ShotRef ref) {
    std::vector<Event> events;
    Rows rows = select_of_.query(ref.batch, ref.index);
    while (rows.next()) events.push_back(read_event(rows));
    return events;
}

std::optional<ShotRef> EventTable::shot_of_prediction(const std::string& prediction) {
    Rows rows = select_prediction_.query(prediction);
    if (!rows.next()) return std::nullopt;
    return ShotRef{.batch = rows.integer<BatchKey>(0), .index = rows.integer<std::uint32_t>(1)};
}

std::optional<std::string> EventTable::some_prediction(Instant until) {
    Rows newest = select_newest_prediction_.query(until.time_since_epoch().count());
    if (newest.next()) return std::string(newest.text(0));
    Rows any = select_any_prediction_.query();
    return any.next() ? std::optional(std::string(any.text(0))) : std::nullopt;
}

std::optional<Stamp> EventTable::last_stamp() {
    Rows rows = select_last_.query();
    if (!rows.next()) return std::nullopt;
    return read_stamp(rows);
}

} // namespace reeld
