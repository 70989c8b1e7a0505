/// A batch's manifest.jsonl, open for appending.
#pragma once

#include "daemon/output/fd.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace reeld {

/// Whole lines for whoever reads along, durable when sync() has returned, and each shot's line once:
/// a further one only where it says something else than the last (a shot that was rendered once more).
///
/// Not a log: it decides nothing, and does not look into the lines that it is handed. A crash may tear the
/// last line; the next open() cuts that off, and the shot is missing there until it is added again. Should
/// somebody remove or change the file meanwhile, the next sync() opens it anew and goes on with what it
/// finds.
///
/// Threading: the loop's. open() blocks to read the file once; sync() for one write and one sync.
/// Errors are values, as in files.h, and lose nothing: what was added is kept until a sync() succeeds.
class LineFile {
public:
    /// Opens or makes the file, cuts off a torn last line (one without a newline, or that is no JSON
    /// object), and learns from the "index" of each line which shots are there. Other lines that are not
    /// ours are kept and ignored. Precondition: not dirty().
    [[nodiscard]] std::optional<std::string> open(const std::filesystem::path& path);

    /// Whether somebody has moved its folder away, out of a folder that is there. Not when a disk was
    /// unmounted: that comes back. Precondition: it was opened.
    [[nodiscard]] bool lost_folder() const;
    [[nodiscard]] bool is_open() const { return static_cast<bool>(fd_); }

    /// Whether a line for this shot stands in the file or was added.
    [[nodiscard]] bool has(std::uint32_t index) const;

    /// Whether the last line for this shot, in the file or added, is this one.
    [[nodiscard]] bool ends_with(std::uint32_t index, std::string_view line) const;

    /// Adds a line (without its newline) to what the next sync() writes. Preconditions: the file was
    /// opened, and ends_with(index, line) is false.
    void add(std::uint32_t index, std::string_view line);

    /// Lines are waiting for sync().
    [[nodiscard]] bool dirty() const { return !pending_.empty(); }

    /// Writes what was added and syncs it. After an error the file is cut back to its last good line, and
    /// the next sync() writes all of it again, since a failed sync may have dropped what was written.
    [[nodiscard]] std::optional<std::string> sync();

private:
    [[nodiscard]] std::optional<std::string> reopen();
    [[nodiscard]] std::optional<std::string> learn();
    [[nodiscard]] std::optional<std::string> cut_back();
    [[nodiscard]] bool is_undisturbed() const;

    std::filesystem::path path_;
    Fd fd_;
    std::uint64_t device_ = 0;     ///< Of the file system that it lies on.
    std::uint64_t good_bytes_ = 0; ///< Length up to which the file is known and synced.
    bool torn_ = false;            ///< Something may stand after good_bytes_.
    /// Shots, and the hashes of their last lines.
    using LastLines = std::unordered_map<std::uint32_t, std::size_t>;
    LastLines in_file_;    ///< Of those whose lines are synced.
    LastLines in_pending_; ///< Of those whose lines are not.
    std::string pending_;  ///< Their lines, each with its newline.
};

} // namespace reeld
