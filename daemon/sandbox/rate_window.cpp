#include "daemon/sandbox/rate_window.h"

#include <algorithm>
#include <cassert>

namespace reeld::sandbox {

RateWindow::RateWindow(int creates, Duration per) : creates_(creates), per_(per) {
    assert(creates >= 1 && per > Duration::zero());
}

void RateWindow::forget_before(Instant now) {
    while (!counted_.empty() && now - counted_.front() >= per_) counted_.pop_front();
}

bool RateWindow::has_room(Instant now) {
    forget_before(now);
    return counted_.size() < static_cast<std::size_t>(creates_);
}

void RateWindow::count(Instant now) {
    forget_before(now);
    counted_.push_back(now);
    most_ = std::max(most_, static_cast<int>(counted_.size()));
}

Instant RateWindow::room_at(Instant now) {
    if (has_room(now)) return now;
    return counted_[counted_.size() - static_cast<std::size_t>(creates_)] + per_;
}

} // namespace reeld::sandbox
