/// The journal's tables.
///
/// One version, kEventFormat, counts changes of the tables and of the events' bodies together. It stands in
/// the file as SQLite's user_version, beside an application_id that tells a journal from other databases.
///
///     meta           key, value: provider, boot_id, offset_us
///     batch          immutable; what was said of a batch when it was accepted
///     shot           immutable; the input as it will be sent
///     event          append-only; what happened to them, in the order of seq
///     learned_model  JSON Schemas learned from the provider
///
/// Whether a batch is accepted or finished is not a column: it is an event.
#pragma once

#include "daemon/journal/sqlite.h"

#include <filesystem>

namespace reeld {

/// Makes the tables in an empty database and stamps it as a journal.
void make_tables(Database& db);

/// Throws StorageError when the database is no journal, and JournalError when it is one of a newer version.
/// A table that is missing shows when statements are prepared for it. `file` is for the message.
void check_version(Database& db, const std::filesystem::path& file);

/// Marks a journal of an older format, which check_version() has let pass, as one of today's: from now on it
/// may hold kinds that an older reeld does not know, which then refuses to start instead of guessing.
void raise_version(Database& db);

} // namespace reeld
