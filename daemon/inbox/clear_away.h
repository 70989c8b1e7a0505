/// How a file leaves the watch folder: removed, or moved to `rejected/`, and only as the bytes that were
/// read.
///
/// A newer file of the same name may replace the old one at any moment. The file is therefore taken out of
/// the way under another name first, and looked at there; a newer one goes back. Calls block for a few
/// syncs at most.
#pragma once

#include "daemon/journal/journal.h"

#include <cstdint>
#include <string>

namespace reeld {

/// The folder for rejected files, within the watch folder.
inline constexpr const char* kRejectedFolder = "rejected";

struct Cleared {
    enum class Outcome : std::uint8_t {
        away,    ///< The file is no longer in the watch folder.
        changed, ///< Other bytes stand under its name: nothing was removed.
        stuck,   ///< It is still there, as it was; `error` says why.
    };
    Outcome outcome = Outcome::away;
    std::string error; ///< A sentence for the log; also set when a file is away but not surely on disk.
};

/// Removes the file at `source.path`. Not synced: a file that a power cut brings back is known by its
/// identity.
[[nodiscard]] Cleared remove_unless_changed(const SourceIdentity& source);

/// Moves the file at `source.path` to `rejected/` beside it, under its own name or, when that is there, as
/// `name.2.yaml`, `name.3.yaml`, …, with `report` as `<file>.errors.txt`. The report is whole before the
/// file appears; a report without a file is what a crash left, and is written over.
[[nodiscard]] Cleared reject_unless_changed(const SourceIdentity& source, const std::string& report);

} // namespace reeld
