#include "daemon/loop/loop_impl.h"

#include <algorithm>
#include <cassert>
#include <ctime>

namespace reeld {

namespace {

Duration read_clock(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return std::chrono::seconds{time.tv_sec} +
           std::chrono::duration_cast<Duration>(std::chrono::nanoseconds{time.tv_nsec});
}

bool is_on(const std::shared_ptr<TurnEnd>& end) {
    return end->alive && end->on;
}

} // namespace

Loop::Loop() : impl_{std::make_unique<Impl>()} {
    check_event(sd_event_new(&impl_->event), "cannot create the event loop");
}

Loop::~Loop() {
    sd_event_unref(impl_->event);
}

int Loop::run() {
    while (turn(Duration::max())) {
    }
    return *impl_->exit_code;
}

bool Loop::turn(Duration wait_max) {
    assert(!impl_->turning && "a callback must not turn the loop that runs it");
    if (impl_->exit_code) return false;
    impl_->turning = true;
    const bool ready = impl_->await(impl_->wait_us(wait_max));
    const Duration woken_at = read_clock(CLOCK_MONOTONIC);
    if (ready) {
        impl_->dispatch();
        impl_->dispatch_ready();
    }
    impl_->run_turn_ends();
    const Duration took = read_clock(CLOCK_MONOTONIC) - woken_at;
    impl_->longest_turn = std::max(impl_->longest_turn, took);
    if (impl_->told) impl_->told(took);
    impl_->turning = false;
    return !impl_->exit_code;
}

void Loop::exit(int code) {
    if (!impl_->exit_code) impl_->exit_code = code;
}

void Loop::set_clock_offset(Duration offset) {
    impl_->clock_offset = offset;
}

Duration Loop::uptime() const {
    return read_clock(CLOCK_MONOTONIC);
}

Stamp Loop::now() const {
    return {.at = Instant{read_clock(CLOCK_BOOTTIME) + impl_->clock_offset},
            .wall = WallTime{read_clock(CLOCK_REALTIME)}};
}

void Loop::tell_turns(std::function<void(Duration)> told) {
    impl_->told = std::move(told);
}

Duration Loop::longest_turn() const {
    return impl_->longest_turn;
}

bool Loop::feed_watchdog() {
    // sd-event tells the service manager from inside a turn's wait, at most four times per interval.
    return check_event(sd_event_set_watchdog(impl_->event, 1), "cannot feed the service manager's watchdog") >
           0;
}

// Waiting and dispatching are two steps here, sd_event_run() is both: only between them is a turn's time
// without its sleep known.
bool Loop::Impl::await(std::uint64_t wait_us) {
    constexpr const char* kCannotWait = "the event loop cannot wait";
    return check_event(sd_event_prepare(event), kCannotWait) > 0 ||
           check_event(sd_event_wait(event, wait_us), kCannotWait) > 0;
}

void Loop::Impl::dispatch() {
    check_event(sd_event_dispatch(event), "the event loop cannot dispatch");
}

std::uint64_t Loop::Impl::wait_us(Duration wait_max) const {
    if (std::ranges::any_of(turn_ends, is_on) || wait_max <= Duration::zero()) return 0;
    return wait_max == Duration::max() ? UINT64_MAX : static_cast<std::uint64_t>(wait_max.count());
}

void Loop::Impl::dispatch_ready() {
    const Duration until = read_clock(CLOCK_BOOTTIME) + turn_time_max;
    for (int count = 1; count < callbacks_per_turn_max && !exit_code; ++count) {
        if (read_clock(CLOCK_BOOTTIME) >= until || !await(0)) return;
        dispatch();
    }
}

void Loop::Impl::run_turn_ends() {
    // By index, and only up to the size at the start: a callback may add to the list.
    const std::size_t count = turn_ends.size();
    for (std::size_t i = 0; i < count && !exit_code; ++i) {
        const std::shared_ptr<TurnEnd> end = turn_ends[i];
        if (is_on(end)) end->due();
    }
    std::erase_if(turn_ends, [](const std::shared_ptr<TurnEnd>& end) { return !end->alive; });
}

} // namespace reeld
