#include "daemon/config/small_file.h"

#include "daemon/config/quantity.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace reeld {
namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_{fd} {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

std::string because(int error) {
    return "cannot be read: " + std::generic_category().message(error);
}

// Reads up to one byte more than allowed, so that a file that grows meanwhile is still caught.
std::string read_all(int fd, std::size_t bytes_max, std::string& content) {
    content.resize(bytes_max + 1);
    std::size_t size = 0;
    while (size < content.size()) {
        const ssize_t count = ::read(fd, content.data() + size, content.size() - size);
        if (count == 0) break;
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return because(errno);
        size += static_cast<std::size_t>(count);
    }
    if (size > bytes_max)
        return fmt::format("is larger than {}: this is some other file", format_bytes(bytes_max));
    content.resize(size);
    return {};
}

} // namespace

SmallFile read_small_file(const std::filesystem::path& path, std::size_t bytes_max) {
    SmallFile file;
    const Descriptor fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    struct stat status {};
    if (fd.get() < 0 || ::fstat(fd.get(), &status) != 0) {
        file.error = because(errno);
    } else if (!S_ISREG(status.st_mode)) {
        file.error = S_ISDIR(status.st_mode) ? "is a folder, not a file" : "is not a regular file";
    } else {
        file.mode = status.st_mode & 07777;
        file.error = read_all(fd.get(), bytes_max, file.content);
    }
    if (!file.error.empty()) file.content.clear();
    return file;
}

} // namespace reeld
