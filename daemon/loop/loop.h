/// The event loop: sd-event, wrapped once. Everything the daemon waits for is a watch on this loop, and
/// its clock is the only clock of the program.
///
/// Threading: one loop, one thread; nothing here may be called from another, or from a signal handler.
/// Ownership: a watch is a move-only value that ends when it is destroyed, also from inside its own
/// callback. Watches must not outlive their loop.
/// Errors: failing to create a watch is a failure of the machine (memory, descriptors) and throws
/// std::system_error. Callbacks must not throw.
#pragma once

#include "jobs/queue/time.h"

#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <sys/types.h>

namespace reeld {

/// What happened to a child process.
struct ChildEnd {
    pid_t pid = 0;
    bool exited = false; ///< True: `code` is its exit status. False: `code` is the signal that ended it.
    int code = 0;
};

class Loop {
public:
    /// A registered interest. Default-constructed watches are empty.
    class Watch {
    public:
        Watch() = default;
        Watch(Watch&&) noexcept;
        Watch& operator=(Watch&&) noexcept;
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;
        ~Watch();

        [[nodiscard]] explicit operator bool() const { return impl_ != nullptr; }
        void reset();

    private:
        friend class Loop;
        friend class LoopTimer;
        struct Impl;
        std::unique_ptr<Impl> impl_;
    };

    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Turns until exit() is called; returns its code.
    int run();

    /// One turn: waits at most `wait_max` for something to happen and dispatches it. For tests and for
    /// start-up code; returns false once exit() was called.
    bool turn(Duration wait_max);

    /// Ends run() after the current callback. The first code wins.
    void exit(int code);

    /// Puts the journal's timeline onto this loop's clock: from now on, now().at is CLOCK_BOOTTIME plus
    /// `offset`. Call before any timer is armed. The default offset is zero.
    void set_clock_offset(Duration offset);

    /// The time right now (not the time the turn began), on both clocks.
    [[nodiscard]] Stamp now() const;

    /// `epoll` event bits (EPOLLIN, EPOLLOUT, …); `revents` tells which came.
    [[nodiscard]] Watch watch_fd(int fd, std::uint32_t events,
                                 std::function<void(std::uint32_t revents)> ready);

    /// Changes the interest of a watch made by watch_fd().
    static void change_fd(Watch& watch, std::uint32_t events);

    /// Runs `due` once per turn, after all other callbacks of that turn, as long as the watch lives and is on.
    /// This is where a turn's facts are committed and its decisions performed.
    [[nodiscard]] Watch at_turn_end(std::function<void()> due);

    /// Switches an at_turn_end() watch on (it also keeps the loop from sleeping) or off.
    static void set_on(Watch& watch, bool on);

    /// Blocks `signal` for the process and reports it here instead.
    [[nodiscard]] Watch watch_signal(int signal, std::function<void()> raised);

    /// Reports the end of a child of this process, once, and reaps it.
    [[nodiscard]] Watch watch_child(pid_t pid, std::function<void(ChildEnd)> ended);

    /// Feeds systemd's watchdog, when the service manager asked for it, from turns that really happened.
    /// Returns whether it did ask.
    bool feed_watchdog();

private:
    friend class LoopTimer;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// A timer that can be set again and again. Precise to about a millisecond, counts suspended time.
class LoopTimer {
public:
    /// `due` runs each time the armed instant has come; the timer is then idle until armed again.
    LoopTimer(Loop& loop, std::function<void()> due);
    ~LoopTimer();
    LoopTimer(LoopTimer&&) noexcept = default;
    LoopTimer& operator=(LoopTimer&&) noexcept = default;

    /// Replaces an earlier instant. An instant in the past is due in the next turn; Instant::max() never is.
    void arm_at(Instant at);
    void arm_after(Duration wait);
    void disarm();

private:
    Loop* loop_;
    Loop::Watch watch_;
};

} // namespace reeld
