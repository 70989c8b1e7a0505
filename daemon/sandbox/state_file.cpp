#include "daemon/sandbox/state_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace reeld::sandbox {

namespace {

std::string complaint(const std::filesystem::path& path, std::string_view what) {
    return fmt::format("{}: cannot {}: {}", path.string(), what, std::strerror(errno));
}

[[noreturn]] void fail(const std::filesystem::path& path, std::string_view what) {
    throw std::runtime_error(complaint(path, what));
}

} // namespace

StateFile::StateFile(std::filesystem::path path)
    : path_(std::move(path)), fd_(::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (fd_ < 0) fail(path_, "open the sandbox's state file");
    try {
        if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
            fail(path_, "lock the sandbox's state file (is another sandbox using it?)");
        }
        read_lines();
    } catch (...) {
        ::close(fd_);
        throw;
    }
}

StateFile::~StateFile() {
    ::close(fd_);
}

void StateFile::read_lines() {
    std::string line;
    off_t whole_bytes = 0;
    std::array<char, 65536> buffer{};
    while (true) {
        const ssize_t count = ::read(fd_, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(path_, "read the sandbox's state file");
        if (count == 0) break;
        std::string_view piece(buffer.data(), static_cast<std::size_t>(count));
        for (std::size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
            line += piece.substr(0, end);
            piece.remove_prefix(end + 1);
            whole_bytes += static_cast<off_t>(line.size()) + 1;
            lines_.push_back(std::exchange(line, {}));
        }
        line += piece;
    }
    if (!line.empty() && ::ftruncate(fd_, whole_bytes) != 0) fail(path_, "cut off an unfinished line");
}

std::vector<std::string> StateFile::take_lines() {
    return std::exchange(lines_, {});
}

std::string StateFile::append(std::string_view lines) {
    std::string bytes(lines);
    bytes += '\n';
    std::string_view left = bytes;
    while (!left.empty()) {
        const ssize_t count = ::write(fd_, left.data(), left.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return complaint(path_, "write the sandbox's state file");
        left.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

} // namespace reeld::sandbox
