#include "daemon/app/limiter_watch.h"

#include "tests/daemon/app/running_app.h"

#include <doctest/doctest.h>

namespace reeld::test {

using namespace std::chrono_literals;

namespace {

constexpr Instant kFirstCreate{1h};
constexpr Instant kNever = Instant::max();

} // namespace

TEST_CASE("a create that is decided late has idled from the instant at which it was possible") {
    LimiterWatch watch;
    CHECK_FALSE(watch.changed(kFirstCreate, kFirstCreate + 10s, false));
    CHECK(watch.idled(kFirstCreate + 10s) == 0s);
    CHECK(watch.idled(kFirstCreate + 12s) == 2s);
    CHECK(watch.changed(kFirstCreate + 13s, kNever, true) == Duration{3s});
    CHECK(watch.idled(kFirstCreate + 1h) == 3s);
}

TEST_CASE("the loop's own time until it decides a create is no idling") {
    LimiterWatch watch;
    static_cast<void>(watch.changed(kFirstCreate, kFirstCreate, false));
    CHECK(watch.changed(kFirstCreate + LimiterWatch::reaction_max, kNever, true) ==
          LimiterWatch::reaction_max);
    CHECK(watch.idled(kFirstCreate + 1h) == 0s);
}

TEST_CASE("events that leave a create possible do not make its wait begin anew") {
    LimiterWatch watch;
    static_cast<void>(watch.changed(kFirstCreate, kFirstCreate, false));
    for (Duration after = 30ms; after <= 300ms; after += 30ms)
        CHECK_FALSE(watch.changed(kFirstCreate + after, kFirstCreate + after, false));
    CHECK(watch.idled(kFirstCreate + 300ms) == 300ms);
}

TEST_CASE("what forbids a create ends its wait, and the wait counts") {
    LimiterWatch watch;
    static_cast<void>(watch.changed(kFirstCreate, kFirstCreate, false));
    CHECK_FALSE(watch.changed(kFirstCreate + 1s, kNever, false));
    CHECK(watch.idled(kFirstCreate + 1h) == 1s);
    static_cast<void>(watch.changed(kFirstCreate + 2h, kFirstCreate + 2h, false));
    CHECK(watch.changed(kFirstCreate + 2h + 1ms, kFirstCreate + 2h + 1ms, true) == Duration{1ms});
    CHECK(watch.idled(kFirstCreate + 2h + 1ms) == 1s);
}

TEST_CASE("one create after the other, each possible from the one before on, idle only while one waits") {
    LimiterWatch watch;
    static_cast<void>(watch.changed(kFirstCreate, kFirstCreate, false));
    for (int create = 1; create <= 100; ++create) {
        const Instant now = kFirstCreate + create * 10ms;
        CHECK(watch.changed(now, now, true) == Duration{10ms});
    }
    CHECK(watch.idled(kFirstCreate + 1s) == 0s);
}

TEST_CASE("while the journal stalls, what could be sent and is not counts as idle") {
    RunningApp night(10);
    night.disk.full = true;
    night.accept("harbor", 1);
    night.turn_until([&] { return !night.stalls.empty(); });
    // Its only shot is decided about, and waits for its commit.
    CHECK(night.app.queue().creates_from(night.loop.now().at) == Instant::max());
    night.accept("docks", 1);
    night.turn_until_refused(2);
    CHECK(night.app.limiter().idled(night.loop.now().at) > LimiterWatch::reaction_max);
    night.disk.full = false;
    night.turn_until([&] { return night.count<event::PredictionSucceeded>() == 2; });
    const Duration idled = night.app.limiter().idled(night.loop.now().at);
    CHECK(night.app.limiter().idled(night.loop.now().at + 1h) == idled);
}

} // namespace reeld::test
