#include "jobs/queue/open_hours.h"

#include "jobs/queue/forecast.h"
#include "jobs/queue/why.h"
#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

/// Two nights, the first of which begins in an hour.
const OpenSpans kNights = {{.from = kStart + 1h, .until = kStart + 9h},
                           {.from = kStart + 25h, .until = kStart + 33h}};

DrivenQueue with_nights(int slots = 10) {
    DrivenQueue queue{account_rules(100, slots, 100s)};
    queue.accept(1, shots(3));
    queue.queue().set_hours(1, kNights, queue.now);
    return queue;
}

} // namespace

TEST_CASE("a batch without hours is open at any time, and never changes") {
    const OpenHours hours;
    CHECK(hours.is_open(1, kStart));
    CHECK(hours.changes_at(1, kStart) == Instant::max());
}

TEST_CASE("a span holds its first instant and not its last") {
    OpenHours hours;
    hours.set(1, kNights);
    CHECK_FALSE(hours.is_open(1, kStart + 1h - 1us));
    CHECK(hours.is_open(1, kStart + 1h));
    CHECK(hours.is_open(1, kStart + 9h - 1us));
    CHECK_FALSE(hours.is_open(1, kStart + 9h));
    CHECK(hours.opens_at(1, kStart + 9h) == kStart + 25h);
    CHECK(hours.changes_at(1, kStart) == kStart + 1h);
    CHECK(hours.changes_at(1, kStart + 1h) == kStart + 9h);
}

TEST_CASE("after the last span that is known a batch is closed, until more is said") {
    OpenHours hours;
    hours.set(1, kNights);
    CHECK(hours.opens_at(1, kStart + 33h) == Instant::max());
    CHECK(hours.changes_at(1, kStart + 33h) == Instant::max());
    hours.set(1, std::nullopt);
    CHECK(hours.is_open(1, kStart + 33h));
}

TEST_CASE("creates start within the hours only, what runs goes on, and the queue wakes when they begin") {
    auto queue = with_nights(1);
    CHECK(queue.creates().empty());
    CHECK(queue.idle_until() == kStart + 1h);
    queue.now = kStart + 1h;
    CHECK(queue.accepted_creates() == std::vector{kShot});
    queue.now = kStart + 9h;
    queue.succeeded(kShot);
    CHECK(queue.creates().empty());
    queue.now = kStart + 25h;
    CHECK(queue.creates() == std::vector{ShotRef{1, 1}});
}

TEST_CASE("a batch that is open is not held up by one that is closed, whatever their priorities") {
    auto queue = with_nights();
    queue.record(event::Reprioritised{.batch = 1, .priority = 100});
    queue.accept(2, shots(1));
    CHECK(queue.creates() == std::vector{ShotRef{2, 0}});
}

TEST_CASE("hours hold whatever happens meanwhile: retries, a resume, another priority") {
    auto queue = with_nights();
    queue.record(event::Paused{1});
    queue.record(event::Resumed{1});
    queue.record(event::Reprioritised{.batch = 1, .priority = 5});
    queue.record(event::CancelAsked{kShot});
    queue.record(event::RetryAsked{kShot});
    CHECK(queue.creates().empty());
    queue.now = kStart + 1h;
    CHECK(queue.creates().size() == 3);
}

TEST_CASE("a shot whose wait after a failure ends when the hours are over waits for the next ones") {
    auto queue = with_nights(1);
    queue.now = kStart + 9h - 1s;
    queue.accepted_creates();
    queue.failed(kShot);
    queue.now = kStart + 10h;
    CHECK(queue.creates().empty());
    queue.now = kStart + 25h;
    CHECK(queue.creates() == std::vector{kShot});
}

TEST_CASE("a person who lifts the hours starts the batch at once") {
    auto queue = with_nights();
    queue.record(event::HoursSet{.batch = 1, .hours = "any"});
    CHECK(queue.ledger().batch(1).hours == "any");
    queue.queue().set_hours(1, std::nullopt, queue.now);
    CHECK(queue.creates().size() == 3);
    CHECK_THROWS(queue.record(event::HoursSet{.batch = 9, .hours = "any"}));
    CHECK_THROWS(queue.record(event::HoursSet{.batch = 1, .hours = "at night"}));
}

TEST_CASE("why says until when a shot waits for its hours") {
    auto queue = with_nights();
    const Why why = why_waits(queue.queue(), kShot, queue.now);
    CHECK(why.kind == Why::Kind::hours);
    CHECK(why.until == kStart + 1h);
    queue.now = kStart + 40h;
    CHECK_FALSE(why_waits(queue.queue(), kShot, queue.now).until.has_value());
}

TEST_CASE("a batch is forecast to begin with its hours, and to go on with the next ones") {
    auto queue = with_nights(1);
    const auto& hours = queue.queue().scheduler().hours();
    const auto soon = forecast(queue.ledger(), queue.now, hours).at(1);
    CHECK(soon.earliest > kStart + 1h);
    CHECK(soon.latest < kStart + 2h);
    queue.now = kStart + 9h - 30s;
    const auto late = forecast(queue.ledger(), queue.now, hours).at(1);
    CHECK(late.earliest > kStart + 25h);
    queue.now = kStart + 34h;
    CHECK_FALSE(forecast(queue.ledger(), queue.now, hours).contains(1));
}

TEST_CASE("a batch that waits for its hours is forecast to take nothing from one that does not") {
    auto queue = with_nights(1);
    queue.accept(2, shots(2));
    const auto both = forecast(queue.ledger(), queue.now, queue.queue().scheduler().hours());
    CHECK(both.at(2).latest < kStart + 30min);
}

TEST_CASE("a batch that only some nights would finish within its known hours has no forecast") {
    DrivenQueue queue{account_rules(100, 1, 100s)};
    queue.accept(1, shots(20));
    int told = 0;
    constexpr int kTried = 200;
    for (int i = 0; i < kTried; ++i) {
        queue.queue().set_hours(1, OpenSpans{{.from = queue.now, .until = queue.now + 100s * (i + 1)}},
                                queue.now);
        told +=
            static_cast<int>(forecast(queue.ledger(), queue.now, queue.queue().scheduler().hours()).size());
    }
    CHECK(told > 0);
    CHECK(told < kTried);
}

} // namespace reeld::test
