/// Reads the names in a folder one at a time: opendir(), wrapped once.
#pragma once

#include <cstdint>
#include <dirent.h>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

namespace reeld {

/// A folder being read. A name that comes or goes meanwhile may or may not be seen; any other is seen once.
class FolderReader {
public:
    /// Which folder a path led to.
    struct Identity {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
        friend bool operator==(const Identity&, const Identity&) = default;
    };

    /// Returns 0 or an errno. Closes a folder that was open before.
    [[nodiscard]] int open(const std::filesystem::path& folder);
    void close() { folder_.reset(); }
    [[nodiscard]] bool is_open() const { return folder_ != nullptr; }

    /// Of the open folder.
    [[nodiscard]] Identity identity() const;

    /// The next name, in no order, without "." and ".."; valid until the next call. std::nullopt: the end, or
    /// a failure, then error() is its errno.
    [[nodiscard]] std::optional<std::string_view> next();
    [[nodiscard]] int error() const { return error_; }

private:
    struct Close {
        void operator()(DIR* folder) const { ::closedir(folder); }
    };
    std::unique_ptr<DIR, Close> folder_;
    int error_ = 0;
};

} // namespace reeld
