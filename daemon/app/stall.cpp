#include "daemon/app/stall.h"

#include <algorithm>
#include <utility>

namespace reeld {

namespace {

/// A disk that was full for a moment costs a second; one that is full all night a few commits a minute, and
/// who frees space sees within seconds that it helped.
constexpr Duration kFirstWait = std::chrono::seconds{1};
constexpr Duration kLongestWait = std::chrono::seconds{5};

} // namespace

Stall::Stall(Loop& loop, std::function<void()> retry)
    : timer_(loop,
             [this, again = std::move(retry)] {
                 waiting_ = false;
                 again();
             }),
      wait_(kFirstWait) {}

bool Stall::failed(const std::string& why) {
    waiting_ = true;
    timer_.arm_after(wait_);
    wait_ = std::min(2 * wait_, kLongestWait);
    return std::exchange(why_, why) != why;
}

bool Stall::succeeded() {
    wait_ = kFirstWait;
    return !std::exchange(why_, {}).empty();
}

void Stall::hurry() {
    waiting_ = false;
    timer_.disarm();
}

} // namespace reeld
