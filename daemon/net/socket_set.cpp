#include "daemon/net/socket_set.h"

#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <system_error>

namespace reeld {

namespace {

constexpr unsigned kNumberBits = 32;

std::uint64_t label_of(int socket, std::uint32_t addition) {
    return (std::uint64_t{addition} << kNumberBits) | static_cast<std::uint32_t>(socket);
}

int open_epoll() {
    const int fd = ::epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0) throw std::system_error(errno, std::generic_category(), "cannot wait for sockets");
    return fd;
}

} // namespace

SocketSet::SocketSet(Loop& loop, std::function<void(int, std::uint32_t)> ready)
    : ready_{std::move(ready)}, epoll_{open_epoll()},
      any_ready_{loop.watch_fd(epoll_.get(), EPOLLIN, [this](std::uint32_t) { serve(); })} {}

void SocketSet::watch(int socket, std::uint32_t events) {
    const auto known = sockets_.find(socket);
    const std::uint32_t addition = known == sockets_.end() ? ++additions_ : known->second;
    epoll_event wanted{.events = events, .data = {.u64 = label_of(socket, addition)}};
    const int change = known == sockets_.end() ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    if (::epoll_ctl(epoll_.get(), change, socket, &wanted) != 0)
        throw std::system_error(errno, std::generic_category(), "cannot wait for a socket");
    sockets_.insert_or_assign(socket, addition);
}

void SocketSet::forget(int socket) {
    if (sockets_.erase(socket) == 0) return;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, socket, nullptr); // It fails only for one that is closed.
}

void SocketSet::clear() {
    while (!sockets_.empty()) forget(sockets_.begin()->first);
}

void SocketSet::serve() {
    std::array<epoll_event, served_at_once_max> events{};
    const int count = ::epoll_wait(epoll_.get(), events.data(), served_at_once_max, 0);
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events.at(static_cast<std::size_t>(i));
        const auto socket = static_cast<int>(event.data.u64 & UINT32_MAX);
        const auto known = sockets_.find(socket);
        if (known != sockets_.end() && label_of(socket, known->second) == event.data.u64)
            ready_(socket, event.events);
    }
}

} // namespace reeld
