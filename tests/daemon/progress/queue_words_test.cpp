#include "daemon/progress/queue_words.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

Ledger::Rules rules() {
    Ledger::Rules rules;
    rules.creates = {.capacity = 100, .window = 60s};
    rules.slots = 2;
    return rules;
}

} // namespace

TEST_CASE("the service says how far its batches are, and what keeps it from creating") {
    DrivenQueue queue{rules()};
    CHECK(queue_words(queue.ledger(), queue.now) == "nothing to render");
    queue.accept(1, shots(3));
    CHECK(queue_words(queue.ledger(), queue.now) == "1 batch: 0 of 3 shots have ended, 0 at the provider");
    const auto sent = queue.creates();
    queue.accepted(sent.at(0));
    queue.succeeded(sent.at(0));
    queue.accept(2, shots(1));
    CHECK(queue_words(queue.ledger(), queue.now) == "2 batches: 1 of 4 shots have ended, 1 at the provider");
    queue.record(event::Paused{});
    CHECK(queue_words(queue.ledger(), queue.now).ends_with("; paused by a person"));
}

TEST_CASE("the service says that shots are held for a person") {
    DrivenQueue queue{rules()};
    queue.accept(1, shots(1));
    const auto sent = queue.creates();
    queue.lost(sent.at(0));
    queue.record(event::CreateHeld{.shot = sent.at(0), .reason = "no list"});
    CHECK(queue_words(queue.ledger(), queue.now) ==
          "1 batch: 0 of 1 shots have ended, 0 at the provider, 1 held for you: 'reeld status' says why");
}

} // namespace reeld::test
