/// The output folder: one folder a batch, with storyboard.yaml, manifest.jsonl and manifest.json.
///
/// manifest.jsonl is appended and synced; a reader sees whole lines, but for a torn last one after a crash, which is cut off at the next
/// open. manifest.json appears whole, at the end. Nothing here decides anything: it writes what it is told.
/// Threading: the loop's. Calls block for one write and one sync at most. Errors are values, as in files.h, and nothing is lost: the caller tries again.
#pragma once

#include "jobs/queue/shot.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// A batch's manifest.jsonl, open for appending.
class LineFile {
public:
    /// Opens or makes the file, cuts off a torn last line, and learns from the "index" of each line which shots are there.
    /// Lines that are not ours (no JSON, no index) are kept and ignored.
    [[nodiscard]] std::optional<std::string> open(const std::filesystem::path& path);

    [[nodiscard]] bool is_open() const;

    /// Whether a line for this shot stands in the file or was added.
    [[nodiscard]] bool has(std::uint32_t index) const;

    /// Adds a line (without its newline) to what the next sync() writes.
    void add(std::uint32_t index, std::string line);

    /// Writes what was added and syncs it. After an error the file is cut back to its last good line, the added lines are kept, and the next sync() tries again.
    [[nodiscard]] std::optional<std::string> sync();

    [[nodiscard]] bool dirty() const; ///< Lines are waiting for sync().

    LineFile();
    ~LineFile();
    LineFile(LineFile&&) noexcept;
    LineFile& operator=(LineFile&&) noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Writes a large file in steps, so that the loop turns in between; it appears whole at the end. Destroyed before finish(), it leaves nothing.
class SteppedFile {
public:
    [[nodiscard]] std::optional<std::string> open(const std::filesystem::path& path);
    [[nodiscard]] std::optional<std::string> write(std::string_view chunk);
    /// Syncs, renames into place, syncs the folder.
    [[nodiscard]] std::optional<std::string> finish();

    SteppedFile();
    ~SteppedFile();
    SteppedFile(SteppedFile&&) noexcept;
    SteppedFile& operator=(SteppedFile&&) noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// A batch's folder that was just made for it.
struct ReservedFolder {
    std::string name; ///< `base`, `base.2`, `base.3`, …: the first that nobody has used.
    std::filesystem::path path;
    std::string error; ///< Not empty: nothing was made, and why.
};

/// Makes OUTPUT and in it a new folder for a batch. `name_taken` tells of names that the journal knows although their folder is gone.
[[nodiscard]] ReservedFolder reserve_batch_folder(const std::filesystem::path& output,
                                                  const std::string& base,
                                                  const std::function<bool(const std::string&)>& name_taken);

} // namespace reeld
