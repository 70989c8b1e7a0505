/// SQLite, wrapped once: a connection, its statements, and the rows of a query.
///
/// Not a general wrapper: it does what a journal with one writer needs. Threading: one connection, one
/// thread (it is opened without mutexes); never carried across fork().
/// Errors: every call that can fail throws StorageError, so that no loop over rows can take an error for
/// the end. The exception stays inside daemon/journal: Journal turns it into its failed state when it
/// writes, and into JournalError when it opens or reads.
/// Ownership: a Statement must not outlive its Database, nor Rows their Statement.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace reeld {

/// SQLite failed, or what it read was not written by us. The message says what was tried and why it failed,
/// for people.
struct StorageError : std::runtime_error {
    StorageError(int code_, const std::string& message) : std::runtime_error(message), code(code_) {}
    int code; ///< SQLite's extended result code.

    /// Whether the same write may succeed later, with nothing lost until then: a full or read-only disk, a
    /// write that the system refused, another program's lock. Never a failed sync, after which nobody knows
    /// what is on the disk and the next sync lies, and never damage.
    [[nodiscard]] bool may_pass() const;

    /// There is no space for what was to be written, or more than a limit allows.
    [[nodiscard]] bool is_full() const;

    /// Another program has the file locked; it was waited for.
    [[nodiscard]] bool is_busy() const;
};

/// The error for rows that were read but cannot be ours.
[[nodiscard]] StorageError damaged(const std::string& what);

class Database {
public:
    /// Opens a file that exists; it is never created, and a link in the file's place is refused. `path`
    /// must hold no link in its folders either: make it canonical first. `vfs` names a registered VFS;
    /// empty is SQLite's own.
    Database(const std::filesystem::path& path, const std::string& vfs);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Runs statements that return no rows which matter.
    void execute(const char* sql);

    [[nodiscard]] bool in_transaction() const;

    /// Pages in the write-ahead log after the last commit. Checkpoints happen only in checkpoint().
    [[nodiscard]] int log_pages() const { return log_pages_; }

    /// Moves what it can from the log into the file without waiting for readers. A reader in the way is
    /// no error: the rest is moved next time.
    void checkpoint();

    /// Moves a log that another program left into the file, all of it, and begins it anew. Requires that
    /// nobody reads.
    ///
    /// The log is first written again, byte for byte, and synced. That program's last sync may have failed,
    /// after which the kernel calls the pages clean: they can be read, the next sync succeeds, and they are
    /// not on the disk. Moved from there, half of them in the file and none in the log is what a power cut
    /// leaves.
    /// Source: "Can Applications Recover from fsync Failures?", Rebello et al., USENIX ATC 2020.
    void empty_log();

    /// From now on, whether the file will be closed as it is, log and all: nothing more is written to a disk
    /// that failed, nor to files that are damaged.
    void leave_as_is(bool on);

private:
    friend class Rows;
    friend class Statement;
    [[noreturn]] void fail(const std::string& what) const;
    void write_log_again();
    static int note_log_pages(void* self, sqlite3* db, const char* schema, int pages);

    sqlite3* db_ = nullptr;
    int log_pages_ = 0;
};

/// The rows of one run of a query. Destroying it ends the run, so that no read transaction lingers.
class Rows {
public:
    explicit Rows(class Statement& statement) : statement_(&statement) {}
    ~Rows();
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    /// Moves to the next row; false after the last one.
    [[nodiscard]] bool next();

    [[nodiscard]] bool is_null(int column) const;

    /// The column's bytes, NUL included; empty for NULL. Valid until the next call of next().
    [[nodiscard]] std::string_view text(int column) const;

    /// The column's number. Throws when it does not fit: such a file was not written by us.
    template <std::integral T>
    [[nodiscard]] T integer(int column) const {
        const std::int64_t wide = wide_integer(column);
        if (!std::in_range<T>(wide)) refuse_range(column, wide);
        return static_cast<T>(wide);
    }

private:
    [[nodiscard]] std::int64_t wide_integer(int column) const;
    [[noreturn]] void refuse_range(int column, std::int64_t value) const;

    Statement* statement_;
};

/// A prepared statement, to be run many times with different values.
class Statement {
public:
    Statement(Database& db, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    /// Runs a statement that returns no rows, with `values` for its parameters in order: integers,
    /// strings, or std::optional of one (empty is NULL).
    template <class... Values>
    void run(const Values&... values) {
        bind_all(values...);
        run_bound();
    }

    /// Runs a query. The strings among `values` must outlive the rows. One run at a time.
    template <class... Values>
    [[nodiscard]] Rows query(const Values&... values) {
        bind_all(values...);
        return Rows(*this);
    }

private:
    friend class Rows;

    template <class... Values>
    void bind_all(const Values&... values) {
        int parameter = 0;
        (bind(++parameter, values), ...);
    }
    template <std::integral T>
    void bind(int parameter, T value) {
        bind_integer(parameter, static_cast<std::int64_t>(value));
    }
    void bind(int parameter, std::string_view value) { bind_text(parameter, value); }
    template <class T>
    void bind(int parameter, const std::optional<T>& value) {
        if (value)
            bind(parameter, *value);
        else
            bind_null(parameter);
    }
    void bind_integer(int parameter, std::int64_t value);
    void bind_text(int parameter, std::string_view value);
    void bind_null(int parameter);
    void run_bound();
    void check_bound(int code) const;
    void reset() noexcept;

    Database* db_;
    sqlite3_stmt* statement_ = nullptr;
};

} // namespace reeld
