#include "daemon/control/socket_place.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace reeld {

SocketPlace::SocketPlace(const std::filesystem::path& state)
    : path_((state / "reeld.sock").string()),
      folder_(::open(state.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)), error_(folder_ ? 0 : errno) {}

std::string SocketPlace::short_path() const {
    constexpr std::size_t kPathBytesMax = sizeof(sockaddr_un::sun_path) - 1;
    if (path_.size() <= kPathBytesMax || !folder_) return path_;
    return fmt::format("/proc/self/fd/{}/reeld.sock", folder_.get());
}

int SocketPlace::why_unreachable() const {
    if (!folder_) return error_;
    const Fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!probe) return errno;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    short_path().copy(address.sun_path, sizeof address.sun_path - 1);
    const auto* where = reinterpret_cast<const sockaddr*>(&address);
    return ::connect(probe.get(), where, sizeof address) == 0 ? 0 : errno;
}

} // namespace reeld
