/// The file in which a sandbox remembers its predictions, so that it still knows them when it is started
/// again.
///
/// Lines are appended before the reply that they belong to leaves; they survive the death of the process,
/// not a power cut, which is enough for a stand-in.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::sandbox {

class StateFile {
public:
    /// Opens `path`, made when it is missing, and keeps every other sandbox out of it. Throws
    /// std::runtime_error when that fails. The end of a line that a killed process did not finish is cut
    /// off.
    explicit StateFile(std::filesystem::path path);
    ~StateFile();
    StateFile(const StateFile&) = delete;
    StateFile& operator=(const StateFile&) = delete;

    /// The lines that were in the file when it was opened, once; the memory is given up.
    [[nodiscard]] std::vector<std::string> take_lines();

    /// Appends one line, or several with line feeds between them. Returns why that could not be done, for a
    /// person, or an empty string.
    [[nodiscard]] std::string append(std::string_view lines);

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    void read_lines();

    std::filesystem::path path_;
    int fd_ = -1;
    std::vector<std::string> lines_;
};

} // namespace reeld::sandbox
