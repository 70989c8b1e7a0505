/// Writes a large file in steps, so that the loop turns in between; it appears whole at the end, or not.
#pragma once

#include "daemon/output/fd.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// One file under way: open(), write() as often as you like, finish(). Until then its bytes stand under a dot
/// name in the same folder (`.manifest.json.part`), and the path keeps showing what it showed before. What
/// a crash leaves there is overwritten by the next open(), so one path has one writer at a time.
///
/// Threading: the loop's. Each call blocks for its own step; finish() for a sync.
/// Errors are values, as in files.h. After an error only open() (begin again) and destruction make sense.
class SteppedFile {
public:
    [[nodiscard]] std::optional<std::string> open(const std::filesystem::path& path);

    /// Precondition of write() and finish(): open() succeeded, and no call has failed since.
    [[nodiscard]] std::optional<std::string> write(std::string_view chunk);

    /// Syncs, renames into place, syncs the folder. When only that last sync fails the file is in place, and
    /// an error is returned nevertheless: whether the name survives a power cut is not known.
    [[nodiscard]] std::optional<std::string> finish();

    SteppedFile() = default;
    ~SteppedFile(); ///< Without finish(), nothing is left.
    SteppedFile(SteppedFile&&) noexcept = default;
    SteppedFile& operator=(SteppedFile&&) noexcept;

private:
    void discard();

    Fd fd_; ///< Open from open() until finish().
    std::filesystem::path path_;
    std::filesystem::path temporary_;
    std::uint64_t size_bytes_ = 0;   ///< Written.
    std::uint64_t handed_bytes_ = 0; ///< Of these, what the disk was asked to begin with.
};

} // namespace reeld
