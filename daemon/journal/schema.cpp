#include "daemon/journal/schema.h"

#include "daemon/journal/codec.h"
#include "daemon/journal/journal_error.h"

#include <fmt/format.h>

namespace reeld {

namespace {

/// "reel" in ASCII.
constexpr int kApplicationId = 0x7265656c;

// STRICT makes SQLite refuse a value of the wrong type. AUTOINCREMENT keeps the key of a batch that was
// dropped from being used again. `shot` is stored in the order of its key, so that a batch is one range
// on disk; its facts stand before its long texts, so that replay does not touch overflow pages.
constexpr const char* kTables = R"sql(
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
    key                INTEGER PRIMARY KEY AUTOINCREMENT,
    name               TEXT UNIQUE,      -- null: dropped, and its rows are on their way out
    storyboard         TEXT NOT NULL,
    folder             TEXT NOT NULL,
    sha256             TEXT NOT NULL,
    shot_count         INTEGER NOT NULL,
    models             TEXT NOT NULL,    -- JSON array of slugs
    source_path        TEXT NOT NULL,
    source_device      INTEGER NOT NULL, -- 64 bits, the sign bit among them
    source_inode       INTEGER NOT NULL, -- likewise
    source_size_bytes  INTEGER NOT NULL,
    source_modified_ns INTEGER NOT NULL
) STRICT;
CREATE INDEX batch_bytes ON batch (sha256);

CREATE TABLE shot (
    batch        INTEGER NOT NULL REFERENCES batch (key) ON DELETE CASCADE,
    position     INTEGER NOT NULL,       -- in the storyboard, from 0
    model        INTEGER NOT NULL,       -- index into batch.models
    priority     INTEGER NOT NULL,
    clip_seconds INTEGER NOT NULL,
    id           TEXT NOT NULL,
    note         TEXT NOT NULL,
    tags         TEXT NOT NULL,          -- JSON array
    input        TEXT NOT NULL,          -- JSON object, as it will be sent
    PRIMARY KEY (batch, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
    seq   INTEGER PRIMARY KEY,
    at    INTEGER NOT NULL,              -- us on the journal's timeline
    wall  INTEGER NOT NULL,              -- us since the epoch, UTC
    kind  TEXT NOT NULL,                 -- kind_name(), for ever
    batch INTEGER,                       -- null: about neither batch nor shot
    shot  INTEGER,                       -- shot.position; null: about the batch as a whole
    body  TEXT NOT NULL                  -- JSON object, see codec.h
) STRICT;
CREATE INDEX event_subject ON event (batch, shot) WHERE batch IS NOT NULL;

CREATE TABLE learned_model (
    slug   TEXT PRIMARY KEY,
    schema TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

/// Every prediction that an event names, to tell an execution of the provider's list that is ours from one
/// that is not. Since version 2.
constexpr const char* kPredictionTable = R"sql(
CREATE TABLE prediction (
    id    TEXT PRIMARY KEY,
    batch INTEGER NOT NULL,
    shot  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kFillPredictionTable = R"sql(
INSERT OR IGNORE INTO prediction
    SELECT json_extract(body, '$.prediction'), batch, shot FROM event WHERE kind = 'create_accepted';
)sql";

int read_pragma(Database& db, const char* sql) {
    Statement statement(db, sql);
    Rows rows = statement.query();
    return rows.next() ? rows.integer<int>(0) : 0;
}

} // namespace

void make_tables(Database& db) {
    db.execute("BEGIN");
    db.execute(kTables);
    db.execute(kPredictionTable);
    db.execute(fmt::format("PRAGMA application_id = {}", kApplicationId).c_str());
    db.execute(fmt::format("PRAGMA user_version = {}", kEventFormat).c_str());
    db.execute("COMMIT");
}

void check_version(Database& db, const std::filesystem::path& file) {
    if (read_pragma(db, "PRAGMA application_id") != kApplicationId) {
        throw damaged("it is a database, but not a journal of reeld");
    }
    const int version = read_pragma(db, "PRAGMA user_version");
    if (version < 1) throw damaged(fmt::format("its format is {}", version));
    if (version <= kEventFormat) return;
    throw JournalError(
        JournalError::Kind::other,
        fmt::format("the journal {} has format {}, and this reeld reads formats up to {}: start "
                    "the newer reeld that wrote it, or choose another folder with --state",
                    file.native(), version, kEventFormat));
}

void raise_version(Database& db) {
    const int version = read_pragma(db, "PRAGMA user_version");
    if (version == kEventFormat) return;
    db.execute("BEGIN IMMEDIATE");
    if (version < 2) {
        db.execute(kPredictionTable);
        db.execute(kFillPredictionTable);
    }
    db.execute(fmt::format("PRAGMA user_version = {}", kEventFormat).c_str());
    db.execute("COMMIT");
}

} // namespace reeld
