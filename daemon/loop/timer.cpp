#include "daemon/loop/loop_impl.h"

#include <algorithm>

namespace reeld {

namespace {

using TimerCallback = std::function<void()>;

/// The slack that the kernel may take. Zero would mean sd-event's default of 250 ms.
constexpr std::uint64_t accuracy_us = 1;

int on_timer(sd_event_source*, std::uint64_t, void* callback) noexcept {
    (*static_cast<TimerCallback*>(callback))();
    return 0;
}

} // namespace

LoopTimer::LoopTimer(Loop& loop, std::function<void()> due) : loop_{&loop} {
    watch_.impl_ = std::make_unique<Loop::Watch::Impl>();
    auto callback = std::make_unique<TimerCallback>(std::move(due));
    check_event(sd_event_add_time(loop.impl_->event, &watch_.impl_->source, CLOCK_BOOTTIME, UINT64_MAX,
                                  accuracy_us, on_timer, callback.get()),
                "cannot create a timer");
    give_callback(watch_.impl_->source, std::move(callback));
    disarm();
}

LoopTimer::~LoopTimer() = default;

void LoopTimer::arm_at(Instant at) {
    if (at == Instant::max()) return disarm();
    const Duration since_boot = std::max(Duration{0}, at.time_since_epoch() - loop_->impl_->clock_offset);
    sd_event_source* const source = watch_.impl_->source;
    check_event(sd_event_source_set_time(source, static_cast<std::uint64_t>(since_boot.count())),
                "cannot set a timer");
    check_event(sd_event_source_set_enabled(source, SD_EVENT_ONESHOT), "cannot arm a timer");
}

void LoopTimer::arm_after(Duration wait) {
    const Instant now = loop_->now().at;
    arm_at(wait >= Instant::max() - now ? Instant::max() : now + wait);
}

void LoopTimer::disarm() {
    check_event(sd_event_source_set_enabled(watch_.impl_->source, SD_EVENT_OFF), "cannot disarm a timer");
}

} // namespace reeld
