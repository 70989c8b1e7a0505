#include "daemon/loop/loop_impl.h"

#include <cassert>
#include <sys/wait.h>

namespace reeld {

namespace {

using FdCallback = std::function<void(std::uint32_t)>;
using SignalCallback = std::function<void()>;
using ChildCallback = std::function<void(ChildEnd)>;

// The functions that sd-event calls. An exception must not unwind through its C frames: noexcept ends the
// program instead, at the place of the fault.

int on_fd(sd_event_source*, int, std::uint32_t revents, void* callback) noexcept {
    (*static_cast<FdCallback*>(callback))(revents);
    return 0;
}

int on_signal(sd_event_source*, const signalfd_siginfo*, void* callback) noexcept {
    (*static_cast<SignalCallback*>(callback))();
    return 0;
}

int on_child(sd_event_source*, const siginfo_t* end, void* callback) noexcept {
    (*static_cast<ChildCallback*>(callback))(
        {.pid = end->si_pid, .exited = end->si_code == CLD_EXITED, .code = end->si_status});
    return 0;
}

void block_signal(int signal) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    if (const int error = pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0)
        throw std::system_error(error, std::generic_category(), "cannot block a signal");
}

} // namespace

Loop::Watch::Impl::~Impl() {
    sd_event_source_disable_unref(source);
    if (turn_end) turn_end->alive = false;
}

Loop::Watch::Watch() noexcept = default;
Loop::Watch::Watch(Watch&&) noexcept = default;
Loop::Watch& Loop::Watch::operator=(Watch&&) noexcept = default;
Loop::Watch::~Watch() = default;

void Loop::Watch::reset() {
    impl_.reset();
}

Loop::Watch Loop::watch_fd(int fd, std::uint32_t events, std::function<void(std::uint32_t)> ready) {
    Watch watch;
    watch.impl_ = std::make_unique<Watch::Impl>();
    auto callback = std::make_unique<FdCallback>(std::move(ready));
    check_event(sd_event_add_io(impl_->event, &watch.impl_->source, fd, events, on_fd, callback.get()),
                "cannot watch a file descriptor");
    give_callback(watch.impl_->source, std::move(callback));
    return watch;
}

void Loop::change_fd(Watch& watch, std::uint32_t events) {
    assert(watch && watch.impl_->source != nullptr);
    check_event(sd_event_source_set_io_events(watch.impl_->source, events),
                "cannot change the watch of a file descriptor");
}

Loop::Watch Loop::at_turn_end(std::function<void()> due) {
    Watch watch;
    watch.impl_ = std::make_unique<Watch::Impl>();
    watch.impl_->turn_end = std::make_shared<TurnEnd>();
    watch.impl_->turn_end->due = std::move(due);
    impl_->turn_ends.push_back(watch.impl_->turn_end);
    return watch;
}

void Loop::set_on(Watch& watch, bool on) {
    assert(watch && watch.impl_->turn_end);
    watch.impl_->turn_end->on = on;
}

Loop::Watch Loop::watch_signal(int signal, std::function<void()> raised) {
    block_signal(signal);
    Watch watch;
    watch.impl_ = std::make_unique<Watch::Impl>();
    auto callback = std::make_unique<SignalCallback>(std::move(raised));
    check_event(sd_event_add_signal(impl_->event, &watch.impl_->source, signal, on_signal, callback.get()),
                "cannot watch a signal");
    give_callback(watch.impl_->source, std::move(callback));
    return watch;
}

Loop::Watch Loop::watch_child(pid_t pid, std::function<void(ChildEnd)> ended) {
    block_signal(SIGCHLD);
    Watch watch;
    watch.impl_ = std::make_unique<Watch::Impl>();
    auto callback = std::make_unique<ChildCallback>(std::move(ended));
    check_event(
        sd_event_add_child(impl_->event, &watch.impl_->source, pid, WEXITED, on_child, callback.get()),
        "cannot watch a child process");
    give_callback(watch.impl_->source, std::move(callback));
    return watch;
}

} // namespace reeld
