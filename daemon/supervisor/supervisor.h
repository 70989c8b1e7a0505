/// Tells whoever supervises the daemon (systemd, with `Type=notify`) what it is at, and in words what it
/// does.
///
/// It speaks the protocol of sd_notify(3) to the socket that $NOTIFY_SOCKET names; without one, as in a
/// terminal or a container, every call does nothing. Messages are datagrams that are sent at once or not at
/// all: a supervisor that does not read never blocks the loop.
///
/// Threading: the loop's. Ownership: borrows the loop, which must outlive it.
#pragma once

#include "daemon/loop/loop.h"

#include <functional>
#include <string>

namespace reeld {

class Supervisor {
public:
    /// How often the words are told at most. `systemctl status` is read by people.
    static constexpr Duration words_interval = std::chrono::seconds{5};

    /// The watchdog's patience with a journal that is replayed: nobody turns the loop meanwhile. As
    /// TimeoutStartSec= of the unit.
    static constexpr Duration replay_max = std::chrono::minutes{5};

    /// `words` says in one line what the daemon does: see queue_words(). `interval`: told no oftener.
    Supervisor(Loop& loop, std::function<std::string()> words, Duration interval = words_interval);

    /// The journal is replayed, the watch folder is watched, and creates may be sent.
    void ready();

    /// The configuration is read anew: until the next ready(), of whatever Supervisor.
    void reloading();

    /// Nothing new is sent any more, and what is under way is waited for, `at_most` so long.
    void stopping(Duration at_most);

    /// The words may have changed. They are told soon, and no oftener than that.
    void changed();

private:
    void tell_words();

    Loop& loop_;
    std::function<std::string()> words_;
    Duration interval_;
    std::string told_;
    bool is_ready_ = false;
    bool waits_ = false; ///< The timer is armed.
    LoopTimer timer_;
};

} // namespace reeld
