/// A batch and a shot as the journal keeps them.
#pragma once

#include "jobs/queue/shot.h"
#include "jobs/queue/time.h"
#include "jobs/storyboard/storyboard.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reeld {

/// Where a dropped file was when it was read, to recognise what a crash left behind.
struct SourceIdentity {
    std::string path; ///< Absolute.
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size_bytes = 0;
    std::int64_t modified_ns = 0; ///< Since the epoch.

    friend bool operator==(const SourceIdentity&, const SourceIdentity&) = default;
};

/// An accepted batch, as it was accepted.
struct BatchRow {
    BatchKey key = 0;
    std::string name;       ///< The output folder's name; unique.
    std::string storyboard; ///< The storyboard's own name, before `.2`, `.3` was added.
    std::string folder;     ///< Absolute path of OUTPUT/<batch>.
    std::string sha256;     ///< Of the dropped bytes, lower-case hex.
    std::uint32_t shot_count = 0;
    std::vector<std::string> models; ///< Slugs, each once; every shot's model is among them.
    SourceIdentity source;
    WallTime accepted_at;             ///< When BatchAccepted was recorded; the epoch before that.
    std::optional<Stamp> finished_at; ///< When ManifestWritten was recorded, the last time.

    friend bool operator==(const BatchRow&, const BatchRow&) = default;
};

/// A shot as it was accepted.
struct ShotRow {
    ShotRef ref;
    StoryboardShot shot;

    friend bool operator==(const ShotRow&, const ShotRow&) = default;
};

} // namespace reeld
