/// A disk for the journal that can fill up, fail, die in the middle of a write, and lose what was not synced.
///
/// It is a VFS over SQLite's own, on a folder in memory where there is one. Syncs are not carried out but
/// kept account of: until a file is synced, what was written to it can be lost or torn by a power cut. There
/// is one connection, so locks always succeed, and the memory that connections share is plain memory, which a
/// crash empties as the operating system does.
///
/// One thread. Every database on it must be closed before it is destroyed, and before cut_power().
#pragma once

#include "tests/jobs/queue/dice.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

struct sqlite3_vfs;
struct sqlite3_file;

namespace reeld::test {

class Disk {
public:
    Disk();
    ~Disk();
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    /// Where the journal belongs.
    [[nodiscard]] std::filesystem::path folder() const { return folder_ / "state"; }
    /// The VFS's name, for Journal::Options::vfs.
    [[nodiscard]] const std::string& vfs() const { return name_; }

    bool full = false;       ///< Writes fail with "no space left".
    bool syncs_fail = false; ///< What was to be synced is lost at the next power cut, whatever is said later.

    /// The machine or the program stops dead after so many more writes and syncs: none reaches the disk after
    /// that, until revive().
    void die_after(std::uint64_t operations) { left_ = operations; }
    void die() { left_ = 0; }
    [[nodiscard]] bool dead() const { return left_ == 0; }
    /// The next program opens what is there. What the connections shared is gone.
    void revive();

    /// What was not synced is lost, or partly lost: any of its sectors may have reached the disk. Requires
    /// that no database is open.
    void cut_power(Dice& dice);

    /// Whether everything that was written to the log is synced, but for what a failed sync has lost.
    [[nodiscard]] bool log_synced() const;
    /// Syncs so far that succeeded.
    [[nodiscard]] std::uint64_t syncs() const { return syncs_; }

    // --- For the VFS. ---

    /// What stood where an unsynced write has gone.
    struct Overwritten {
        std::int64_t offset;
        std::int64_t count;       ///< Bytes that were written.
        std::string before;       ///< Shorter when the file ended there.
        std::int64_t size_before; ///< Of the file.
        bool lost_for_sure;       ///< A sync of it has failed, and no later one will bring it.
    };
    using Unsynced = std::vector<Overwritten>;

    /// Whether the disk still works; counts the operation.
    bool operate();
    Unsynced& unsynced(const std::string& path) { return unsynced_[path]; }
    void forget(const std::string& path) { unsynced_.erase(path); }
    /// `size`: of the file; what lies beyond it matters no more.
    void note_sync(Unsynced& writes, std::int64_t size);
    static void fail_sync(Unsynced& writes);
    [[nodiscard]] char* shared(int region, int bytes, bool make);
    [[nodiscard]] sqlite3_vfs* real_vfs() const { return real_; }

private:
    static void lose(const std::string& path, const Unsynced& writes, Dice& dice);

    std::filesystem::path folder_;
    std::string name_;
    sqlite3_vfs* real_;
    std::unique_ptr<sqlite3_vfs> vfs_;
    std::map<std::string, Unsynced> unsynced_; ///< By path.
    std::vector<std::unique_ptr<char[]>> shared_;
    std::uint64_t left_ = UINT64_MAX; ///< Operations until it dies.
    std::uint64_t syncs_ = 0;
};

} // namespace reeld::test
