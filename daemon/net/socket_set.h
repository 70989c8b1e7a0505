/// Many sockets as one watch of the loop.
///
/// The loop asks the kernel anew after each callback, and the kernel then looks at every socket that is
/// ready: with hundreds of them at once that is most of a program's time. Here the kernel is asked once for
/// some dozens.
///
/// Threading: the loop's thread. Ownership: a socket stays its owner's, who calls forget() before closing it.
/// Errors: watch() throws std::system_error when the kernel has no room for another socket.
#pragma once

#include "daemon/loop/loop.h"
#include "daemon/output/fd.h"

#include <cstdint>
#include <functional>
#include <unordered_map>

namespace reeld {

class SocketSet {
public:
    /// Sockets served before the loop gets its turn again: a few milliseconds of work.
    static constexpr int served_at_once_max = 64;

    /// `ready` runs for each socket in the set that has one of its events, as long as the state lasts. It may
    /// add and forget sockets, also those that are ready too. Throws std::system_error.
    SocketSet(Loop& loop, std::function<void(int socket, std::uint32_t revents)> ready);

    /// Adds a socket, or changes what is waited for: `epoll` event bits.
    void watch(int socket, std::uint32_t events);

    /// A socket that is not in the set is ignored.
    void forget(int socket);

    /// Forgets all, also those that are closed by now.
    void clear();

private:
    void serve();

    std::function<void(int, std::uint32_t)> ready_;
    Fd epoll_;
    std::uint32_t additions_ = 0;
    /// Which addition each socket is: its number may be that of another one that was closed in between, and
    /// whose events were already fetched.
    std::unordered_map<int, std::uint32_t> sockets_;
    Loop::Watch any_ready_;
};

} // namespace reeld
