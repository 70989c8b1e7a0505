/// The watch folder: finds files that are ready to be read, and clears them away afterwards.
///
/// inotify is a hint, the truth is a scan: at start, after an overflow, and every `scan_interval`. A file is
/// ready when it was closed after writing or renamed into place and then left alone for `quiet_time`, or has
/// kept its size and times for two scans (hard links, network file systems, lost events). One that was seen
/// being written waits for its close, which comes also when its writer is killed (see kWriterPauseMax). Only
/// names that is_storyboard_name() knows count; folders, FIFOs, devices and links are left alone, whatever
/// their name.
///
/// A ready file is offered once, the first by name of those that are ready, and stays where it is until it is
/// answered. One file is offered at a time; the work of a burst is spread over turns of a few milliseconds.
/// The folder may disappear and come back; the inbox says so once each and goes on.
///
/// A file is locked (flock) from its offer to its clearing away, also while it is put back, so that of two
/// daemons that watch one folder by mistake only one takes it.
///
/// What it cannot know: a program that closes a file, waits longer than `quiet_time` and goes on writing has
/// had half of it read. The newer file is then neither removed nor rejected, but offered again. A program
/// that pauses for two scans before its close may have half of its file taken, and go on into a file that is
/// gone, where the inbox could not see it write: it wrote before the start and not since, or on another
/// machine (NFS), or its events were lost in an overflow, or it pauses for longer than kWriterPauseMax. And a
/// file that is shortened by its path, truncate(2), looks as if it were open: it waits for the next close,
/// rename or start, or for that time. Programs that write slowly should write under a dot name and rename.
///
/// Threading: the loop's. Offers come from the loop only, never from the constructor or an answer; a trouble
/// may be told during an answer. Neither report may destroy the inbox. Nothing throws but the constructor.
#pragma once

#include "daemon/journal/journal.h"
#include "daemon/loop/loop.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace reeld {

class Inbox {
public:
    struct Options {
        std::filesystem::path folder;
        Duration scan_interval = std::chrono::seconds{30};
        /// Longer than a shell takes from one `>>` to the next, too short for a person to wait for.
        Duration quiet_time = std::chrono::milliseconds{500};
    };

    /// A file that is ready. `fd` is open for reading, at its start, and belongs to the inbox until the offer
    /// is answered.
    struct Offer {
        int fd = -1;
        std::string file_name;   ///< Within the watch folder.
        SourceIdentity identity; ///< Of what `fd` reads.
        WallTime changed_at;     ///< When it was last written, renamed or linked, by the file system's clock.
    };

    struct Reports {
        /// Answer with taken(), rejected() or put_back(), now or later. The reference ends with the call.
        std::function<void(const Offer&)> ready;
        /// One line for the log: folder gone or back, file unreadable or stuck. Once each, not every scan.
        std::function<void(const std::string&)> trouble;
    };

    /// Begins to watch and to scan. A folder that is missing is made, this once. Throws std::system_error
    /// when it cannot be.
    Inbox(Loop& loop, Options options, Reports reports);
    ~Inbox();
    Inbox(const Inbox&) = delete;
    Inbox& operator=(const Inbox&) = delete;

    // --- Answers. Precondition of each: a file is offered. ---

    /// Whether the offered file still stands where it was found, as it was found. Ask before it is accepted:
    /// somebody may have corrected it, or taken it back, since it was read.
    [[nodiscard]] bool offer_stands() const;

    /// The offered file was accepted and is in the journal: it is removed, unless it has been changed since;
    /// then the newer one is offered in its turn. When it cannot be removed that is told, and this version of
    /// it is not offered again before the next start (the journal knows it by its identity).
    void taken();

    /// The offered file is bad: it is moved to `rejected/` (as `name.2.yaml` when that name is there), and
    /// `report` is written beside it as `<file>.errors.txt`. One that has been changed since stays and is
    /// offered in its turn; one that cannot be moved stays and is offered again after the next scan.
    void rejected(const std::string& report);

    /// The offered file cannot be dealt with now (disk full): it stays and is offered again after the next
    /// scan.
    void put_back();

    /// Whether the folder could be read when it was looked through last.
    [[nodiscard]] bool watching() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace reeld
