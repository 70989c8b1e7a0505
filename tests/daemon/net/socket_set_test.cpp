#include "daemon/net/socket_set.h"

#include <array>
#include <doctest/doctest.h>
#include <memory>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <vector>

namespace reeld {

using namespace std::chrono_literals;

namespace {

/// A descriptor that is ready to be read at once, and for ever.
Fd always_ready() {
    return Fd{eventfd(1, EFD_CLOEXEC)};
}

} // namespace

TEST_CASE("each socket of a set that is ready is served, and no longer once it is forgotten") {
    Loop loop;
    std::vector<int> served;
    SocketSet set{loop, [&](int socket, std::uint32_t revents) {
                      CHECK(revents == EPOLLIN);
                      served.push_back(socket);
                      set.forget(socket);
                  }};
    const Fd first = always_ready();
    const Fd second = always_ready();
    set.watch(first.get(), EPOLLIN);
    set.watch(second.get(), EPOLLIN);
    set.forget(12345);
    loop.turn(1h);
    loop.turn(0s);
    CHECK(served.size() == 2);
}

TEST_CASE("what is waited for can be changed") {
    Loop loop;
    std::uint32_t seen = 0;
    SocketSet set{loop, [&](int, std::uint32_t revents) {
                      seen = revents;
                  }};
    const Fd fd = always_ready();
    set.watch(fd.get(), 0);
    loop.turn(0s);
    CHECK(seen == 0);
    set.watch(fd.get(), EPOLLOUT);
    loop.turn(1h);
    CHECK(seen == EPOLLOUT);
}

TEST_CASE("more sockets than are served at once are all served") {
    Loop loop;
    std::size_t served = 0;
    SocketSet set{loop, [&](int socket, std::uint32_t) {
                      ++served;
                      set.forget(socket);
                  }};
    std::vector<Fd> sockets;
    for (int i = 0; i < 3 * SocketSet::served_at_once_max; ++i) {
        sockets.push_back(always_ready());
        set.watch(sockets.back().get(), EPOLLIN);
    }
    while (served < sockets.size()) loop.turn(1h);
    CHECK(served == sockets.size());
}

TEST_CASE("an event of a socket that was closed is not given to one that got its number") {
    Loop loop;
    std::array<Fd, 2> fds{always_ready(), always_ready()};
    Fd successor;
    std::vector<int> served;
    SocketSet set{loop, [&](int socket, std::uint32_t) {
                      served.push_back(socket);
                      if (successor) return set.forget(socket);
                      // Whichever comes first replaces the other, whose event was fetched together with its.
                      Fd& other = fds.at(0).get() == socket ? fds.at(1) : fds.at(0);
                      set.forget(socket);
                      set.forget(other.get());
                      const int number = other.get();
                      other.reset();
                      successor = Fd{eventfd(0, EFD_CLOEXEC)}; // Not ready.
                      REQUIRE(successor.get() == number);
                      set.watch(number, EPOLLIN);
                  }};
    for (const Fd& fd : fds) set.watch(fd.get(), EPOLLIN);
    loop.turn(1h);
    CHECK(served.size() == 1);
}

TEST_CASE("a set that was cleared serves nothing, and takes new sockets with old numbers") {
    Loop loop;
    int served = 0;
    SocketSet set{loop, [&](int, std::uint32_t) {
                      ++served;
                  }};
    Fd old = always_ready();
    const int number = old.get();
    set.watch(number, EPOLLIN);
    old.reset();
    set.clear();
    loop.turn(0s);
    CHECK(served == 0);
    const Fd fresh = always_ready();
    REQUIRE(fresh.get() == number);
    set.watch(number, EPOLLIN);
    loop.turn(1h);
    CHECK(served > 0);
}

} // namespace reeld
