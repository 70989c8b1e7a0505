/// What the sources of this folder share: the sd_event and sd_event_source handles. Nobody else includes it.
#pragma once

#include "daemon/loop/loop.h"

#include <functional>
#include <memory>
#include <optional>
#include <system_error>
#include <systemd/sd-event.h>
#include <vector>

namespace reeld {

/// One at_turn_end() callback. The loop's list and the watch share it, so that either may go first.
struct TurnEnd {
    std::function<void()> due;
    bool on = false;
    bool alive = true; ///< False when its watch has ended; the loop drops it at the next turn's end.
};

struct Loop::Impl {
    sd_event* event = nullptr;
    Duration clock_offset{};
    std::optional<int> exit_code;
    bool turning = false;
    Duration longest_turn{};
    std::function<void(Duration)> told; ///< See tell_turns().
    std::vector<std::shared_ptr<TurnEnd>> turn_ends;

    /// How long a turn may sleep, in sd-event's terms: UINT64_MAX is for ever.
    [[nodiscard]] std::uint64_t wait_us(Duration wait_max) const;
    /// Waits at most `wait_us` for a source to be due. False: none is.
    bool await(std::uint64_t wait_us);
    /// Runs the callback of one source, after an await() that found one.
    void dispatch();
    /// Dispatches what else is ready, within the limits of a turn.
    void dispatch_ready();
    void run_turn_ends();
};

/// Either a source of sd-event or a turn's end.
struct Loop::Watch::Impl {
    Impl() = default;
    ~Impl();
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    sd_event_source* source = nullptr;
    std::shared_ptr<TurnEnd> turn_end;
};

/// sd-event reports errors as negative errno values.
inline int check_event(int result, const char* what) {
    if (result < 0) throw std::system_error(-result, std::generic_category(), what);
    return result;
}

/// Makes `source` the owner of `callback`. sd-event frees a source only after its callback has returned,
/// and this is what lets a watch end inside its own callback.
template <typename Callback>
void give_callback(sd_event_source* source, std::unique_ptr<Callback> callback) {
    sd_event_source_set_destroy_callback(source, [](void* owned) { delete static_cast<Callback*>(owned); });
    static_cast<void>(callback.release());
}

} // namespace reeld
