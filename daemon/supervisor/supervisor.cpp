#include "daemon/supervisor/supervisor.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <systemd/sd-daemon.h>
#include <utility>

namespace reeld {

namespace {

/// What a line of a status may hold: a line break would begin a message of its own.
std::string one_line(std::string words) {
    std::ranges::replace(words, '\n', ' ');
    return words;
}

void tell(const std::string& message) {
    // Whether it arrived is nobody's business: a night is rendered with and without a supervisor.
    static_cast<void>(sd_notify(0, message.c_str()));
}

} // namespace

Supervisor::Supervisor(Loop& loop, std::function<std::string()> words, Duration interval)
    : loop_(loop), words_(std::move(words)), interval_(interval), timer_(loop, [this] {
          waits_ = false;
          tell_words();
      }) {}

void Supervisor::ready() {
    is_ready_ = true;
    told_ = one_line(words_());
    tell(fmt::format("READY=1\nSTATUS={}", told_));
    if (const char* usual = std::getenv("WATCHDOG_USEC")) tell(fmt::format("WATCHDOG_USEC={}", usual));
}

void Supervisor::reloading() {
    is_ready_ = false;
    timer_.disarm();
    if (std::getenv("WATCHDOG_USEC") != nullptr)
        tell(fmt::format("WATCHDOG_USEC={}", Duration{replay_max}.count()));
    tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=reads its configuration anew",
                     loop_.uptime().count()));
}

void Supervisor::stopping(Duration at_most) {
    is_ready_ = false;
    timer_.disarm();
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(at_most);
    // Longer than TimeoutStopSec= would allow by itself, so that answers that were paid for are not cut off.
    tell(fmt::format(
        "STOPPING=1\nEXTEND_TIMEOUT_USEC={}\nSTATUS=waits for the answers to creates that were sent",
        us.count()));
}

void Supervisor::changed() {
    if (!is_ready_ || waits_) return;
    waits_ = true;
    timer_.arm_after(interval_);
}

void Supervisor::tell_words() {
    std::string now = one_line(words_());
    if (now == told_) return;
    told_ = std::move(now);
    tell("STATUS=" + told_);
}

} // namespace reeld
