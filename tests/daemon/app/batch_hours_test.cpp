#include "daemon/app/batch_hours.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>
#include <stdexcept>
#include <string>

namespace reeld::test {

TEST_CASE("what is known of a batch's hours does not run out while others come every day") {
    DrivenQueue queue;
    BatchHours hours(queue.queue(), true, "mon 22:00-06:00 UTC",
                     [](const std::string& line) { throw std::runtime_error(line); });
    const auto come = [&](BatchKey key) {
        queue.accept(key, shots(1));
        hours.note(queue.durable().back());
        hours.refresh(stamp_at(queue.now));
    };
    const auto& known = queue.queue().scheduler().hours();
    for (BatchKey key = 1; key <= 40; ++key) {
        come(key);
        const Instant opens = known.opens_at(1, queue.now);
        CHECK(opens - queue.now <= std::chrono::days{7});
        queue.now += 20h;
    }
}

TEST_CASE("a clock that gains is followed, however often batches come") {
    DrivenQueue queue;
    BatchHours hours(queue.queue(), true, "22:00-06:00 UTC",
                     [](const std::string& line) { throw std::runtime_error(line); });
    Duration gained{};
    for (BatchKey key = 1; key <= 100; ++key) {
        queue.accept(key, shots(1));
        hours.note(queue.durable().back());
        Stamp now = stamp_at(queue.now);
        now.wall += gained;
        hours.refresh(now);
        gained += 900ms;
    }
    const auto& known = queue.queue().scheduler().hours();
    CHECK(known.opens_at(1, queue.now) - known.opens_at(100, queue.now) <= 1s);
}

} // namespace reeld::test
