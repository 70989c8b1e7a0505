#include "daemon/app/storyboard_copy.h"

#include "daemon/output/files.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace reeld {

namespace {

constexpr mode_t kMode = 0644; // Narrowed by the umask, like everything in the output folder.

bool have_same_bytes(const std::string& one, const std::string& other) {
    std::ifstream a(one, std::ios::binary);
    std::ifstream b(other, std::ios::binary);
    using Bytes = std::istreambuf_iterator<char>;
    return a && b && std::equal(Bytes(a), Bytes(), Bytes(b), Bytes());
}

} // namespace

StoryboardCopy::StoryboardCopy(const std::filesystem::path& output) {
    if (const auto error = make_folders(output)) throw std::runtime_error(*error);
    fd_ = ::open(output.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kMode);
    if (fd_ >= 0) return;
    if (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL) {
        dot_name_ = output /
                    fmt::format(".storyboard-{}-{}.part", ::getpid(), reinterpret_cast<std::uintptr_t>(this));
        fd_ = ::open(dot_name_.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, kMode);
    }
    if (fd_ < 0) {
        const int error = std::exchange(errno, 0);
        dot_name_.clear();
        throw std::system_error(error, std::generic_category(),
                                fmt::format("cannot write into {}", output.string()));
    }
}

StoryboardCopy::~StoryboardCopy() {
    discard();
}

StoryboardCopy::StoryboardCopy(StoryboardCopy&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), dot_name_(std::exchange(other.dot_name_, {})) {}

StoryboardCopy& StoryboardCopy::operator=(StoryboardCopy&& other) noexcept {
    discard();
    fd_ = std::exchange(other.fd_, -1);
    dot_name_ = std::exchange(other.dot_name_, {});
    return *this;
}

void StoryboardCopy::discard() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    if (!dot_name_.empty()) ::unlink(dot_name_.c_str());
    dot_name_.clear();
}

std::string StoryboardCopy::appear_as(const std::filesystem::path& path) {
    const std::string from = dot_name_.empty() ? fmt::format("/proc/self/fd/{}", fd_) : dot_name_.string();
    if (::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) != 0) {
        if (errno != EEXIST)
            return fmt::format("cannot write {}: {}", path.string(), std::generic_category().message(errno));
        if (!have_same_bytes(from, path)) {
            return fmt::format("cannot write {}: a file with other content is there; it was left as it is. "
                               "Find out who wrote it, and move it away",
                               path.string());
        }
    }
    return sync_folder(path.parent_path()).value_or("");
}

} // namespace reeld
