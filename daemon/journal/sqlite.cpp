#include "daemon/journal/sqlite.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

namespace reeld {

namespace {

/// A person's sqlite3 shell may hold a lock for a moment; the loop can bear to wait that long, once.
constexpr int kBusyTimeoutMs = 1000;

constexpr sqlite3_int64 kLogChunkBytes = 65536;

/// That a statement failed, by its beginning: a person needs the cause that follows, not pages of SQL.
std::string failed(std::string_view sql) {
    constexpr std::size_t kShownBytesMax = 60;
    const bool fits = sql.size() <= kShownBytesMax && sql.find('\n') == std::string_view::npos;
    const auto line = sql.substr(0, std::min(sql.find('\n'), kShownBytesMax));
    return fmt::format("\"{}{}\" failed", line, fits ? "" : " …");
}

/// The system's last error on one of the connection's files; `opcode` asks SQLite for the file. 0: none.
int last_error_of(sqlite3* db, int opcode) {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(db, nullptr, opcode, &file);
    int error = 0;
    if (file == nullptr || file->pMethods == nullptr) return error;
    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
    return error;
}

/// sqlite3_system_errno() knows what failed while opening, but not what failed inside a statement.
int system_error(sqlite3* db) {
    if (const int error = sqlite3_system_errno(db)) return error;
    if (const int error = last_error_of(db, SQLITE_FCNTL_JOURNAL_POINTER)) return error;
    return last_error_of(db, SQLITE_FCNTL_FILE_POINTER);
}

/// SQLite's words, and the system's where the system was the cause.
std::string explain(sqlite3* db, const std::string& what) {
    std::string text = fmt::format("{}: {}", what, sqlite3_errmsg(db));
    const int primary = sqlite3_errcode(db) & 0xff;
    if (primary != SQLITE_IOERR && primary != SQLITE_CANTOPEN) return text;
    if (const int error = system_error(db)) text += fmt::format(" ({})", std::strerror(error));
    return text;
}

} // namespace

bool StorageError::may_pass() const {
    switch (code) {
    case SQLITE_IOERR_WRITE:
    case SQLITE_IOERR_TRUNCATE:
    case SQLITE_IOERR_LOCK:
    case SQLITE_IOERR_SHMLOCK:
    case SQLITE_IOERR_SHMMAP:
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_NOMEM: return true;
    default: break;
    }
    switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_BUSY:
    case SQLITE_NOMEM: return true;
    default: return false;
    }
}

bool StorageError::is_full() const {
    // What SQLite makes of a quota or of `ulimit -f`.
    return code == SQLITE_FULL || code == SQLITE_IOERR_WRITE;
}

bool StorageError::is_busy() const {
    return (code & 0xff) == SQLITE_BUSY;
}

StorageError damaged(const std::string& what) {
    return {SQLITE_CORRUPT, what};
}

Database::Database(const std::filesystem::path& path, const std::string& vfs) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(path.c_str(), &db_, flags, vfs.empty() ? nullptr : vfs.c_str());
    if (code != SQLITE_OK) {
        const std::string why = explain(db_, "it cannot be opened"); // The handle knows, until it is closed.
        sqlite3_close(db_);
        throw StorageError{code, why};
    }
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_timeout(db_, kBusyTimeoutMs);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    // The hook takes the place of automatic checkpoints, whose errors SQLite would keep to itself.
    sqlite3_wal_hook(db_, &Database::note_log_pages, this);
}

Database::~Database() {
    [[maybe_unused]] const int code = sqlite3_close(db_);
    assert(code == SQLITE_OK && "a statement outlives its database");
}

void Database::execute(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(failed(sql));
}

bool Database::in_transaction() const {
    return sqlite3_get_autocommit(db_) == 0;
}

void Database::checkpoint() {
    const int code = sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) fail("moving the log into the file failed");
}

void Database::write_log_again() {
    const auto require = [this](int code) {
        if (code == SQLITE_OK) return;
        std::string why = fmt::format("writing the log again failed: {}", sqlite3_errstr(code));
        if (const int error = last_error_of(db_, SQLITE_FCNTL_JOURNAL_POINTER))
            why += fmt::format(" ({})", std::strerror(error));
        throw StorageError(code, why);
    };
    sqlite3_file* log = nullptr;
    require(sqlite3_file_control(db_, nullptr, SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&log)));
    if (log == nullptr || log->pMethods == nullptr) return; // Nobody has read or written yet: there is none.
    sqlite3_int64 size = 0;
    require(log->pMethods->xFileSize(log, &size));
    std::vector<char> bytes(kLogChunkBytes);
    for (sqlite3_int64 at = 0; at < size; at += kLogChunkBytes) {
        const int count = static_cast<int>(std::min<sqlite3_int64>(size - at, kLogChunkBytes));
        require(log->pMethods->xRead(log, bytes.data(), count, at));
        require(log->pMethods->xWrite(log, bytes.data(), count, at));
    }
    if (size > 0) require(log->pMethods->xSync(log, SQLITE_SYNC_FULL));
}

void Database::empty_log() {
    write_log_again();
    if (sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) != SQLITE_OK)
        fail("moving the log into the file failed");
}

void Database::leave_as_is(bool on) {
    sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 1 : 0, nullptr);
}

void Database::fail(const std::string& what) const {
    throw StorageError(sqlite3_extended_errcode(db_), explain(db_, what));
}

int Database::note_log_pages(void* self, sqlite3* /*db*/, const char* /*schema*/, int pages) {
    static_cast<Database*>(self)->log_pages_ = pages;
    return SQLITE_OK;
}

Statement::Statement(Database& db, std::string_view sql) : db_(&db) {
    const int length = static_cast<int>(sql.size());
    if (sqlite3_prepare_v3(db.db_, sql.data(), length, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) !=
        SQLITE_OK) {
        db.fail(failed(sql));
    }
}

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

void Statement::bind_integer(int parameter, std::int64_t value) {
    check_bound(sqlite3_bind_int64(statement_, parameter, value));
}

void Statement::bind_text(int parameter, std::string_view value) {
    // A view of nothing may point nowhere, which SQLite would take for NULL.
    const char* bytes = value.empty() ? "" : value.data();
    check_bound(sqlite3_bind_text64(statement_, parameter, bytes, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind_null(int parameter) {
    check_bound(sqlite3_bind_null(statement_, parameter));
}

void Statement::check_bound(int code) const {
    if (code != SQLITE_OK) db_->fail("a value cannot be stored");
}

void Statement::run_bound() {
    Rows rows(*this);
    while (rows.next()) {
    }
}

void Statement::reset() noexcept {
    // Both only repeat the error that step reported.
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

Rows::~Rows() {
    statement_->reset();
}

bool Rows::next() {
    switch (sqlite3_step(statement_->statement_)) {
    case SQLITE_ROW: return true;
    case SQLITE_DONE: return false;
    default: statement_->db_->fail(failed(sqlite3_sql(statement_->statement_)));
    }
}

bool Rows::is_null(int column) const {
    return sqlite3_column_type(statement_->statement_, column) == SQLITE_NULL;
}

std::string_view Rows::text(int column) const {
    // The pointer has to be asked for first: asking converts the value, and that decides its length.
    const void* bytes = sqlite3_column_text(statement_->statement_, column);
    const int length = sqlite3_column_bytes(statement_->statement_, column);
    if (bytes == nullptr) return {};
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(length)};
}

std::int64_t Rows::wide_integer(int column) const {
    return sqlite3_column_int64(statement_->statement_, column);
}

void Rows::refuse_range(int column, std::int64_t value) const {
    throw damaged(fmt::format("{} is out of range for the column {}", value,
                              sqlite3_column_name(statement_->statement_, column)));
}

} // namespace reeld
