#include "daemon/reader/open_storyboard.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>

namespace reeld {

namespace {

OpenedStoryboard refuse(std::string why) {
    OpenedStoryboard refused;
    refused.fault = Fault{.severity = Severity::error, .place = {}, .message = std::move(why), .excerpt = {}};
    return refused;
}

std::string kind_of(mode_t mode) {
    if (S_ISDIR(mode)) return "it is a folder, not a file: name the files in it";
    if (S_ISFIFO(mode)) return "it is a pipe, not a file: write the storyboard to a file";
    return "it is not a regular file";
}

std::string why_not_opened(int error) {
    if (error == ELOOP) return "it is a symbolic link, which is not followed here: put the file itself there";
    return fmt::format("it cannot be opened: {}", std::generic_category().message(error));
}

} // namespace

OpenedStoryboard open_storyboard(const std::filesystem::path& path, Links links) {
    // Without O_NONBLOCK, opening a FIFO waits for its writer.
    const int flags =
        O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (links == Links::refuse ? O_NOFOLLOW : 0);
    OpenedStoryboard opened;
    opened.fd = Fd{::open(path.c_str(), flags)};
    if (!opened.fd) return refuse(why_not_opened(errno));
    struct stat status {};
    if (::fstat(opened.fd.get(), &status) != 0) return refuse(why_not_opened(errno));
    if (!S_ISREG(status.st_mode)) return refuse(kind_of(status.st_mode));
    return opened;
}

} // namespace reeld
