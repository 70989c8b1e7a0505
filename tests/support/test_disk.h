/// A disk for SQLite that keeps count of what reaches it and fails when it is told to.
///
/// It is a VFS over SQLite's own, so files are real. Only syncs and sleeps are not carried out: no test cuts
/// the power, and a real sync takes milliseconds; and nobody comes to unlock a file meanwhile. One thread;
/// every database on the disk must be closed before it is destroyed.
#pragma once

#include <memory>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace reeld::test {

class TestDisk {
public:
    enum class File { database, log, other };
    enum class Deed { write, sync };
    struct Operation {
        Deed deed;
        File file;
        friend bool operator==(const Operation&, const Operation&) = default;
    };

    TestDisk();
    ~TestDisk();
    TestDisk(const TestDisk&) = delete;
    TestDisk& operator=(const TestDisk&) = delete;

    /// The VFS's name, for Journal::Options::vfs; each disk has one of its own.
    [[nodiscard]] const std::string& name() const { return name_; }

    /// What was written and synced, in that order, since the last call of this.
    [[nodiscard]] std::vector<Operation> take_operations();

    bool full = false;                  ///< Writes fail with "no space left".
    bool database_full = false;         ///< Those to the database file do: the log stands on another disk.
    bool log_sync_fails = false;        ///< Syncs of the write-ahead log fail.
    bool database_sync_fails = false;   ///< Syncs of the database file fail.
    bool without_shared_memory = false; ///< As on a network file system: no write-ahead logging.

    /// Whether the operation is to succeed. For the VFS.
    bool perform(Operation operation);
    [[nodiscard]] sqlite3_vfs* real_vfs() const { return real_; }

private:
    std::string name_;
    sqlite3_vfs* real_;
    std::unique_ptr<sqlite3_vfs> vfs_;
    std::vector<Operation> operations_;
};

} // namespace reeld::test
