#include "daemon/progress/waiting.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

#include <array>

namespace reeld::test {

namespace {

constexpr std::array<BatchKey, 1> kBatches = {1};

Ledger::Rules rules(int creates, int slots) {
    Ledger::Rules rules;
    rules.creates = {.capacity = creates, .window = 60s};
    rules.slots = slots;
    return rules;
}

Waiting waiting(const DrivenQueue& queue) {
    return why_waiting(queue.ledger(), kBatches, queue.now);
}

} // namespace

TEST_CASE("with every slot kept by a lost create, a run says so, and when the next one is free") {
    DrivenQueue queue{rules(100, 2)};
    queue.accept(1, shots(3));
    const auto sent = queue.creates();
    REQUIRE(sent.size() == 2);
    queue.lost(sent[0]);
    CHECK(waiting(queue).reason == WaitReason::none);
    queue.lost(sent[1]);
    queue.now += 10min;
    CHECK(waiting(queue).reason == WaitReason::kept);
    CHECK(waiting(queue).text.find("the next is free in 50:00") != std::string::npos);
    queue.now += 50min;
    CHECK(waiting(queue).reason == WaitReason::none);
}

TEST_CASE("a run whose slots all render waits for nothing that needs saying") {
    DrivenQueue queue{rules(100, 2)};
    queue.accept(1, shots(3));
    CHECK(queue.accepted_creates().size() == 2);
    CHECK(waiting(queue).reason == WaitReason::none);
}

TEST_CASE("with nothing queued, nothing is waited for") {
    DrivenQueue queue{rules(100, 2)};
    queue.accept(1, shots(2));
    for (const ShotRef shot : queue.creates()) queue.lost(shot);
    CHECK(waiting(queue).reason == WaitReason::none);
}

TEST_CASE("with the creates of a window used up, a run says when the next one is") {
    DrivenQueue queue{rules(2, 10)};
    queue.accept(1, shots(3));
    CHECK(queue.accepted_creates().size() == 2);
    queue.now += 18s;
    CHECK(waiting(queue).reason == WaitReason::window);
    CHECK(waiting(queue).text == "all creates of this window are used; the next in 42 s");
}

TEST_CASE("a run says that a person has paused what it waits for") {
    DrivenQueue queue{rules(100, 10)};
    queue.accept(1, shots(3));
    queue.record(event::Paused{1});
    CHECK(waiting(queue).reason == WaitReason::paused);
    queue.record(event::Resumed{1});
    CHECK(waiting(queue).reason == WaitReason::none);
    queue.record(event::Paused{});
    CHECK(waiting(queue).text == "paused by a person; reeld resume goes on");
}

} // namespace reeld::test
