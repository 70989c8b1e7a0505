#include "daemon/http/listener.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace reeld::http {

namespace {

/// Clients that the kernel holds until they are accepted: a burst on fresh connections.
constexpr int kBacklog = 1024;

[[noreturn]] void give_up(const Listen& where, std::string_view why) {
    const bool v6 = where.address.find(':') != std::string::npos;
    const std::string place = !where.unix_path.empty() ? where.unix_path
                              : v6                     ? fmt::format("[{}]:{}", where.address, where.port)
                                                       : fmt::format("{}:{}", where.address, where.port);
    throw std::runtime_error(fmt::format("cannot listen on {}: {}; {}", place, why, where.remedy));
}

Fd open_socket(int family, const Listen& where) {
    Fd fd{::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!fd) give_up(where, std::strerror(errno));
    return fd;
}

struct Address {
    sockaddr_storage bytes{};
    socklen_t size = 0;

    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
};

Address tcp_address(const Listen& where) {
    Address address;
    auto& v4 = reinterpret_cast<sockaddr_in&>(address.bytes);
    auto& v6 = reinterpret_cast<sockaddr_in6&>(address.bytes);
    if (::inet_pton(AF_INET, where.address.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(where.port);
        address.size = sizeof v4;
    } else if (::inet_pton(AF_INET6, where.address.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(where.port);
        address.size = sizeof v6;
    } else {
        give_up(where, "this is no IP address");
    }
    return address;
}

Address unix_address(const Listen& where) {
    Address address;
    auto& name = reinterpret_cast<sockaddr_un&>(address.bytes);
    if (where.unix_path.size() >= sizeof name.sun_path) give_up(where, "the path is too long for a socket");
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, where.unix_path.c_str(), where.unix_path.size() + 1);
    address.size = sizeof name;
    return address;
}

/// Whether the socket file has no process behind it any more. A listener whose queue is full has one.
bool is_dead(const Address& address, const Listen& where) {
    const Fd probe = open_socket(AF_UNIX, where);
    return ::connect(probe.get(), address.get(), address.size) != 0 && errno == ECONNREFUSED;
}

/// Makes way for a socket file, if it is only a stale one that stands there.
void clear_place(const Address& address, const Listen& where) {
    struct stat found {};
    if (::lstat(where.unix_path.c_str(), &found) != 0) return;
    if (!S_ISSOCK(found.st_mode)) give_up(where, "a file is in its place that is no socket");
    if (!is_dead(address, where)) give_up(where, "another process listens there");
    if (::unlink(where.unix_path.c_str()) != 0 && errno != ENOENT) give_up(where, std::strerror(errno));
}

} // namespace

Listener::Listener(const Listen& where) {
    where.unix_path.empty() ? listen_on_tcp(where) : listen_on_unix(where);
}

Listener::~Listener() {
    struct stat found {};
    if (file_.empty() || ::lstat(file_.c_str(), &found) != 0) return;
    if (found.st_dev == device_ && found.st_ino == inode_) ::unlink(file_.c_str());
}

int Listener::take() {
    const int fd = fd_ ? ::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0) : -1;
    fd_.reset();
    return fd;
}

void Listener::listen_on_tcp(const Listen& where) {
    const Address address = tcp_address(where);
    fd_ = open_socket(address.get()->sa_family, where);
    const int on = 1;
    // A port whose last connections are still being wound up is free; one that is listened on is not.
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address.get()->sa_family == AF_INET6) {
        ::setsockopt(fd_.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    }
    if (::bind(fd_.get(), address.get(), address.size) != 0 || ::listen(fd_.get(), kBacklog) != 0) {
        give_up(where, std::strerror(errno));
    }
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&bound), &size);
    // The port stands in the same place in both families.
    port_ = ntohs(reinterpret_cast<const sockaddr_in&>(bound).sin_port);
}

void Listener::listen_on_unix(const Listen& where) {
    const Address address = unix_address(where);
    clear_place(address, where);
    fd_ = open_socket(AF_UNIX, where);
    // Linux gives the file the mode of the socket, less the umask: so it is never open to more than this.
    ::fchmod(fd_.get(), where.unix_mode);
    if (::bind(fd_.get(), address.get(), address.size) != 0) give_up(where, std::strerror(errno));
    struct stat made {};
    file_ = where.unix_path;
    if (::lstat(file_.c_str(), &made) == 0) {
        device_ = made.st_dev;
        inode_ = made.st_ino;
    }
    if (::chmod(file_.c_str(), where.unix_mode) != 0 || ::listen(fd_.get(), kBacklog) != 0) {
        const int error = errno;
        ::unlink(file_.c_str());
        give_up(where, std::strerror(error));
    }
}

} // namespace reeld::http
