/// The event loop: sd-event, wrapped once. Everything the daemon waits for is a watch on this loop, and
/// its clock is the only clock of the program.
///
/// The loop goes in turns. A turn waits until something happens, runs the callbacks of all that has
/// happened (until `callbacks_per_turn_max` or `turn_time_max`, so that busy sockets cannot put the end of
/// the turn off for ever), and closes with the at_turn_end() callbacks that are on.
///
/// Threading: one loop, one thread; nothing here may be called from another, or from a signal handler. A
/// callback may make, change and end watches and call exit(); it must not call run() or turn().
/// Ownership: a watch is a move-only value that ends when it is destroyed, also from inside its own
/// callback: the function that runs lives on until it returns. Watches must not outlive their loop. A file
/// descriptor stays its owner's, who ends the watch before closing it.
/// Errors: failing to create a watch is a failure of the machine (memory, descriptors) and throws
/// std::system_error; so does a turn that cannot wait. Callbacks must not throw: C code lies below them on
/// the stack, and an exception that reaches it ends the program.
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
        Watch() noexcept;
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

    /// Callbacks in one turn before its end, at_turn_end() callbacks not counted: enough for one commit to
    /// serve a burst.
    static constexpr int callbacks_per_turn_max = 256;

    /// No further callback begins in a turn that has run them for so long. About the time of one commit, so
    /// that a fact waits for its turn's end no longer than for the commit itself.
    static constexpr Duration turn_time_max = std::chrono::milliseconds{5};

    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Turns until exit() is called; returns its code.
    int run();

    /// One turn: waits at most `wait_max` for something to happen and dispatches it. For tests and for
    /// start-up code; returns false once exit() was called, and does nothing from then on.
    bool turn(Duration wait_max);

    /// Ends run() after the current callback: what else was due in this turn, its end included, does not
    /// run. The first code wins.
    void exit(int code);

    /// The longest turn so far without its sleep, on a clock that stands while the machine is suspended: so
    /// long, at the worst, has something that happened waited for what else did. Zero before any turn.
    [[nodiscard]] Duration longest_turn() const;

    /// Calls `told` after every turn with what longest_turn() is the longest of. It replaces an earlier one;
    /// it must not touch the loop, and it counts as part of no turn.
    void tell_turns(std::function<void(Duration took)> told);

    /// Puts the journal's timeline onto this loop's clock: from now on, now().at is CLOCK_BOOTTIME plus
    /// `offset`. Call before any timer is armed. The default offset is zero.
    void set_clock_offset(Duration offset);

    /// The time right now (not the time the turn began), on both clocks.
    [[nodiscard]] Stamp now() const;

    /// CLOCK_MONOTONIC, by which systemd tells messages of now from those of before.
    [[nodiscard]] Duration uptime() const;

    /// `epoll` event bits (EPOLLIN, EPOLLOUT, …); `revents` tells which came. Level-triggered: `ready` runs
    /// again as long as the state lasts. A regular file cannot be watched (EPERM).
    [[nodiscard]] Watch watch_fd(int fd, std::uint32_t events,
                                 std::function<void(std::uint32_t revents)> ready);

    /// Changes the interest of a watch made by watch_fd(). No bits: only errors and hang-ups are reported.
    static void change_fd(Watch& watch, std::uint32_t events);

    /// A switch, off at first. While it is on, the loop does not sleep and `due` runs once at the end of
    /// every turn, after all other callbacks of that turn: this is where a turn's facts are committed and
    /// its decisions performed. It stays on until set_on(watch, false), which `due` itself calls when nothing
    /// is left to do; a `due` that never does keeps the processor busy. Several run in the order in which
    /// they were made; one switched on by an earlier one of the same turn's end still runs in that turn.
    [[nodiscard]] Watch at_turn_end(std::function<void()> due);

    /// Switches an at_turn_end() watch on or off. Switching it to what it is changes nothing.
    static void set_on(Watch& watch, bool on);

    /// Blocks `signal` and reports it here instead. It stays blocked when the watch ends, so that a second
    /// SIGTERM cannot kill what the first one is shutting down. One watch per signal. Call it before the
    /// process has other threads, which inherit the block; children inherit it too and must lift it before
    /// they exec.
    [[nodiscard]] Watch watch_signal(int signal, std::function<void()> raised);

    /// Reports the end of a child of this process, once, and reaps it when `ended` has returned. Blocks
    /// SIGCHLD, which sd-event demands; see watch_signal() for children. A watch that ends before its child
    /// leaves the reaping to the caller.
    [[nodiscard]] Watch watch_child(pid_t pid, std::function<void(ChildEnd)> ended);

    /// Feeds systemd's watchdog, when the service manager asked for it, from turns that really happened.
    /// Returns whether it did ask.
    bool feed_watchdog();

private:
    friend class LoopTimer;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// A timer that can be set again and again. Precise to about a millisecond, counts suspended time. Two
/// timers of one turn run in no promised order.
class LoopTimer {
public:
    /// `due` runs each time the armed instant has come; the timer is then idle until armed again, which `due`
    /// may do.
    LoopTimer(Loop& loop, std::function<void()> due);
    ~LoopTimer();
    LoopTimer(LoopTimer&&) noexcept = default;
    LoopTimer& operator=(LoopTimer&&) noexcept = default;

    /// Replaces an earlier instant. One in the past is due at once, though never from inside this call;
    /// Instant::max() never is.
    void arm_at(Instant at);
    void arm_after(Duration wait);
    void disarm();

private:
    Loop* loop_;
    Loop::Watch watch_;
};

} // namespace reeld
