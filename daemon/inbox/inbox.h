/// The watch folder: finds files that are ready to be read, and clears them away afterwards.
///
/// inotify is a hint, the truth is a scan: at start, after an overflow, and every `scan_interval`. A file is ready when it was
/// closed after writing or renamed into place, or has kept its size and time for two scans. Dot files, `~`, `.tmp`, `.part`, `.swp`
/// and everything that is not `.yaml` or `.yml` are left alone, and so are folders, FIFOs, devices and links.
///
/// A ready file is offered once; it stays where it is until taken() or rejected() is called. One file is offered at a time.
/// The folder may disappear and come back; the inbox says so once each and goes on.
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
    };

    /// A file that is ready. `fd` is open for reading and belongs to the inbox until the offer is answered.
    struct Offer {
        int fd = -1;
        std::string file_name;
        SourceIdentity identity;
    };

    struct Reports {
        std::function<void(const Offer&)>
            ready; ///< Answer with taken(), rejected() or put_back(), now or later.
        std::function<void(const std::string&)>
            trouble; ///< One line for the log: folder gone or back, file unreadable.
    };

    /// Begins to watch and to scan. A folder that is missing is made. Throws std::system_error when it cannot be.
    Inbox(Loop& loop, Options options, Reports reports);
    ~Inbox();
    Inbox(const Inbox&) = delete;
    Inbox& operator=(const Inbox&) = delete;

    /// The offered file was accepted and is in the journal: it is removed, unless it has been changed since.
    void taken();

    /// The offered file is bad: it is moved to `rejected/` (as `name.2.yaml` when that name is there), and `report` is written beside it as `<file>.errors.txt`.
    void rejected(const std::string& report);

    /// The offered file cannot be dealt with now (disk full): it stays and is offered again after the next scan.
    void put_back();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace reeld
