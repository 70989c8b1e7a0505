#include "daemon/progress/why_text.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

std::string text(DrivenQueue& queue, ShotRef shot) {
    return why_text(why_waits(queue.queue(), shot, queue.now), queue.ledger(), queue.now);
}

DrivenQueue with_limits(int creates, int slots) {
    return DrivenQueue{{.creates = {.capacity = creates, .window = 60s},
                        .slots = slots,
                        .attempts = 3,
                        .backoff = {},
                        .give_up = 1h,
                        .typical = {{"model", 100s}}}};
}

} // namespace

TEST_CASE("a shot that waits for a limit says for which, and how long that takes") {
    auto tokens = with_limits(1, 10);
    tokens.accept(1, shots(2));
    tokens.accepted_creates();
    tokens.now += 47'700ms;
    CHECK(text(tokens, {1, 1}) == "waits for a token; it is free in 12.3 s");
    auto slots = with_limits(10, 1);
    slots.accept(1, shots(3));
    slots.accept(2, shots(1, -1));
    slots.accepted_creates();
    slots.now += 60s;
    CHECK(text(slots, {1, 0}) == "renders; done in about 40 s");
    CHECK(text(slots, {1, 1}) == "waits for a slot; the next is expected in about 40 s");
    CHECK(text(slots, {1, 2}) == "waits for shots of its batch that come before it");
    CHECK(text(slots, {2, 0}) ==
          "waits for shots of " + slots.ledger().batch(1).name + ", which are served before");
}

TEST_CASE("a shot that waits for trouble to end says what the trouble is") {
    auto queue = with_limits(10, 10);
    queue.accept(1, shots(2));
    queue.creates();
    queue.refused({1, 0}, RefusalKind::no_balance);
    queue.lost({1, 1});
    queue.now += 5s;
    CHECK(text(queue, {1, 0}).starts_with("waits for the account, suspended 5 s ago, "));
    CHECK(text(queue, {1, 0}).find("; asked again in ") != std::string::npos);
    CHECK(text(queue, {1, 1}).starts_with("its create's answer was lost"));
    queue.record(event::CreateHeld{.shot = {1, 1}, .reason = "there is no list"});
    CHECK(text(queue, {1, 1}) == "is held: a person is to say what became of its create");
}

TEST_CASE("a shot that a person keeps waiting says how that ends, and a final one says nothing") {
    auto queue = with_limits(10, 10);
    queue.accept(1, shots(1));
    queue.record(event::Paused{});
    CHECK(text(queue, {1, 0}) == "all creates are paused by a person; reeld resume goes on");
    queue.record(event::Resumed{});
    queue.record(event::Paused{1});
    CHECK(text(queue, {1, 0}) == "its batch is paused by a person; reeld resume BATCH goes on");
    queue.record(event::CancelAsked{.shot = {1, 0}});
    CHECK(text(queue, {1, 0}).empty());
}

} // namespace reeld::test
