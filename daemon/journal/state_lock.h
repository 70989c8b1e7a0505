/// The state folder and its lock, which keeps a second daemon out.
#pragma once

#include <filesystem>

namespace reeld {

/// Makes the folder and those above it where they are missing (mode 0700, and durably: a power cut
/// cannot take the folder and leave what was paid for without a record). Returns its canonical path.
/// Throws JournalError.
[[nodiscard]] std::filesystem::path make_state_folder(const std::filesystem::path& folder);

/// Holds `folder`/lock by flock() for as long as it lives. The file holds the holder's process id, for
/// the message that the next one gets. It is never removed: two programs could then hold two locks of
/// one name. The kernel gives the lock back when the process ends, however it ends; children that are
/// exec'ed do not inherit it.
class StateLock {
public:
    /// Throws JournalError: in_use when another process holds it, naming its process id.
    explicit StateLock(const std::filesystem::path& folder);
    ~StateLock();
    StateLock(const StateLock&) = delete;
    StateLock& operator=(const StateLock&) = delete;

    /// Whether the file we hold still stands under its name. If not, the next program makes a new one, holds
    /// that, and both work in the folder: this one must stop. Where that cannot be told, it stands. Costs two
    /// system calls.
    [[nodiscard]] bool in_place() const;

private:
    std::filesystem::path path_;
    int fd_ = -1;
};

} // namespace reeld
