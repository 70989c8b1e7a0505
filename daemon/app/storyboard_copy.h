/// A copy of a dropped file that has no name until it is wanted.
#pragma once

#include <filesystem>
#include <string>

namespace reeld {

/// An unnamed file on the file system of the output folder (O_TMPFILE; a dot file where that is not to be
/// had). The reading process fills and syncs it; appear_as() gives it its name. Destroyed before, it leaves
/// nothing.
class StoryboardCopy {
public:
    StoryboardCopy() = default;

    /// Throws std::system_error, with the path, when the folder cannot be made or written.
    explicit StoryboardCopy(const std::filesystem::path& output);
    ~StoryboardCopy();
    StoryboardCopy(StoryboardCopy&& other) noexcept;
    StoryboardCopy& operator=(StoryboardCopy&& other) noexcept;

    [[nodiscard]] int fd() const { return fd_; }

    /// Links the copy to `path`, durably. Returns why not, or an empty string. A file that is there already
    /// is left as it is; with the same bytes it is as good, as after a crash, with others it is an error.
    [[nodiscard]] std::string appear_as(const std::filesystem::path& path);

private:
    void discard();

    int fd_ = -1;
    std::filesystem::path dot_name_; ///< Where O_TMPFILE is not to be had.
};

} // namespace reeld
