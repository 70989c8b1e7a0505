// Settling where several models have doubts: each has a list of its own, and a look at one says nothing of
// the others.

#include "jobs/queue/settling.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

constexpr ShotRef kOthers{.batch = 2, .index = 0};

/// Two shots in doubt since now, of "model" and of "other".
DrivenQueue two_models_in_doubt() {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.accept(2, shots(1), "other");
    queue.creates();
    queue.lost(kShot);
    queue.lost(kOthers);
    return queue;
}

Sighting equal_to(std::vector<ShotRef> equals) {
    return {.prediction = "found", .created_at = stamp_at(kStart).wall + 1s, .equals = std::move(equals)};
}

/// The same, two minutes after a first look at each list that showed nothing, with the last one due.
DrivenQueue at_the_last_look() {
    auto queue = two_models_in_doubt();
    CHECK(queue.looks() == std::vector<std::string>{"model", "other"});
    queue.looked({}, true, true, "model");
    queue.looked({}, true, true, "other");
    queue.now += 2min;
    CHECK(queue.looks() == std::vector<std::string>{"model", "other"});
    return queue;
}

} // namespace

TEST_CASE("absence from one model's list proves nothing of another model's doubts") {
    auto queue = at_the_last_look();
    queue.looked({}, true, true, "model");
    queue.looks();
    CHECK(queue.state(kShot) == ShotState::queued);
    CHECK(queue.state(kOthers) == ShotState::in_doubt);
    queue.looked({}, true, true, "other");
    queue.looks();
    CHECK(queue.state(kOthers) == ShotState::queued);
}

TEST_CASE("an execution of one model is never another model's, were their inputs equal") {
    auto queue = two_models_in_doubt();
    queue.looks();
    queue.looked({equal_to({kShot, kOthers})}, true, true, "other");
    queue.looks();
    CHECK(queue.state(kOthers) == ShotState::rendering);
    CHECK(queue.state(kShot) == ShotState::in_doubt);
}

TEST_CASE("a model without a list holds its own doubts only, and its failures delay no other model's looks") {
    auto queue = two_models_in_doubt();
    queue.looks();
    queue.looked({}, true, true, "model");
    queue.list_failed(404, "other");
    queue.now += 30s;
    queue.looks();
    queue.looked({}, true, true, "model");
    queue.list_failed(404, "other");
    queue.now += 90s;
    CHECK(queue.looks() == std::vector<std::string>{"model", "other"});
    queue.list_failed(404, "other");
    queue.looks();
    CHECK(queue.state(kOthers) == ShotState::held);
    CHECK(queue.state(kShot) == ShotState::in_doubt);
    queue.looked({}, true, true, "model");
    queue.looks();
    CHECK(queue.state(kShot) == ShotState::queued);
}

TEST_CASE("a model whose list stays incomplete is held at its own deadline, others are looked for on") {
    auto queue = two_models_in_doubt();
    queue.looks();
    queue.looked({}, false, true, "model");
    queue.now = kStart + 10min;
    queue.accept(3, shots(1), "third");
    queue.creates();
    const ShotRef third{.batch = 3, .index = 0};
    queue.lost(third);
    queue.now = kStart + 1h;
    queue.looks();
    queue.looked({}, false, true, "model");
    queue.looked({}, false, true, "third");
    queue.looks();
    CHECK(queue.state(kShot) == ShotState::held);
    CHECK(queue.state(third) == ShotState::in_doubt);
}

TEST_CASE("what is held is not adopted by a look that goes on for others") {
    DrivenQueue queue;
    queue.accept(1, shots(2));
    queue.creates();
    queue.held(kShot);
    const ShotRef twin{.batch = 1, .index = 1};
    queue.lost(twin);
    queue.looks();
    queue.looked({equal_to({kShot, twin})});
    queue.looks();
    CHECK(queue.state(kShot) == ShotState::held);
    CHECK(queue.state(twin) == ShotState::rendering);
}

TEST_CASE(
    "a look reaches back to a minute before the oldest doubt of its model, and to no other shot's send") {
    DrivenQueue queue;
    queue.accept(1, shots(1), "other");
    queue.creates();
    queue.lost({1, 0}); // Another model's, and older.
    queue.now += 10s;
    queue.accept(2, shots(1));
    queue.creates();
    queue.held({2, 0}); // A person's, and older.
    queue.now += 10s;
    queue.accept(3, shots(1));
    queue.creates();
    const Instant sent_at = queue.now;
    queue.lost({3, 0});
    queue.now += 2min; // Until creates are tried again.
    queue.accept(4, shots(1));
    REQUIRE(queue.creates().size() == 1);
    queue.lost({4, 0});
    const auto from = look_from(queue.ledger(), "model", {stamp_at(queue.now).wall, queue.now, queue.now});
    CHECK(from == stamp_at(sent_at).wall - kClocksApartMax);
}

TEST_CASE("a look without a doubt reaches back no further than it is made") {
    const DrivenQueue queue;
    const auto now = stamp_at(kStart).wall;
    CHECK(look_from(queue.ledger(), "model", {now, kStart, kStart}) == now);
}

TEST_CASE("when a shot is looked for next is known while it is in doubt and no look is under way") {
    Ledger ledger{{}};
    Settling settling{{}};
    const auto happens = [&](Instant at, Fact fact) {
        const Event event{.stamp = stamp_at(at), .fact = std::move(fact)};
        REQUIRE(ledger.why_illegal(event).empty());
        ledger.apply(event);
        settling.note(ledger, event);
    };
    happens(kStart, event::BatchAccepted{
                        .batch = {.key = 1, .name = "reel", .models = {"model"}, .shots = shots(1)}});
    CHECK_FALSE(settling.next_look(kShot).has_value());
    happens(kStart, event::CreateIntended{.shot = kShot, .attempt = 1, .request_id = "r", .provider_at = {}});
    happens(kStart + 1s, event::CreateLost{.shot = kShot, .loss = {.http_status = 0, .cause = "reset"}});
    CHECK(settling.next_look(kShot) == kStart + 1s);
    REQUIRE(settling.next(ledger, kStart + 1s).has_value());
    CHECK_FALSE(settling.next_look(kShot).has_value());
    happens(kStart + 2s, event::ListLooked{.model = "model",
                                           .asked_at = kStart + 1s,
                                           .as_of = stamp_at(kStart + 2s).wall,
                                           .answered_at = kStart + 2s,
                                           .complete = true,
                                           .sightings = {}});
    CHECK(settling.next_look(kShot) == kStart + 6s);
}

} // namespace reeld::test
