#include "tests/jobs/queue/doubts.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

/// A look for kShot, which is in doubt, has shown what may be kLater's, whose create is not answered yet.
DrivenQueue seen_while_unanswered() {
    auto queue = in_doubt();
    queue.accept(2, shots(1));
    CHECK(queue.creates() == std::vector<ShotRef>{kLater});
    queue.now += 5s;
    static_cast<void>(queue.looks());
    queue.looked({sighting(1s, {kLater})});
    return queue;
}

/// Until kShot is settled every list is empty, and lacks what is ours.
void look_at_empty_lists(DrivenQueue& queue) {
    while (queue.state(kShot) == ShotState::in_doubt) {
        for (const auto& look : queue.whole_looks()) queue.record(queue.list_of(look, {}));
        static_cast<void>(queue.looks());
        if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
    }
}

} // namespace

TEST_CASE(
    "an execution that may be a doubt's own and is not shown any more was left out: absence is not proven") {
    const auto suspected = sighting(1s, {}); // By a provider that may have changed the input that it shows.
    for (const bool could_be_read : {true, false}) {
        auto queue = in_doubt();
        for (const auto& look : queue.whole_looks()) {
            auto seen = queue.list_of(look, {});
            seen.inputs_are_told = false;
            if (could_be_read) {
                seen.sightings = {suspected};
            } else {
                seen.complete = false;
                seen.unread = {{.prediction = suspected.prediction, .created_at = suspected.created_at}};
            }
            queue.record(seen);
        }
        look_while_in_doubt(queue, kShot, {});
        CHECK(queue.state(kShot) == ShotState::held);
        CHECK(queue.now >= kStart + 1h);
        const auto& held = std::get<event::CreateHeld>(queue.durable().back().fact);
        CHECK(held.reason.starts_with("prediction found was created at about that time or later"));
    }
}

TEST_CASE("an execution that turns out to be another program's is suspected no longer, be it shown or not") {
    auto queue = in_doubt();
    for (const bool told : {false, true}) {
        queue.now += 5s;
        static_cast<void>(queue.looks());
        queue.looked({sighting(1s, {})}, true, told);
    }
    look_until_settled(queue, {});
    CHECK(queue.state(kShot) == ShotState::queued);
}

TEST_CASE("a suspected execution that becomes another create's is suspected no longer") {
    auto queue = in_doubt(2);
    queue.now += 5s;
    static_cast<void>(queue.looks());
    queue.looked({sighting(1s, {})}, true, false);
    queue.record(event::CreateAdopted{.shot = kTwin, .prediction = "found", .by = SettledBy::person});
    look_until_settled(queue, {});
    CHECK(queue.state(kShot) == ShotState::queued);
}

TEST_CASE("where it could not be learned whether inputs are told, the next look may tell, and other doubts "
          "wait for "
          "nothing") {
    auto queue = in_doubt();
    queue.now += 3min;
    static_cast<void>(queue.looks());
    queue.looked({}, false);
    queue.accept(2, shots(1));
    queue.creates();
    queue.lost(kLater);
    queue.now += 2min;
    bool told = false;
    while (queue.state(kShot) == ShotState::in_doubt) {
        for (const auto& look : queue.whole_looks()) {
            auto seen = queue.list_of(look, {});
            seen.sightings = {sighting(1s, {})};
            seen.inputs_are_told = told;
            seen.witness_unread = !told;
            queue.record(seen);
        }
        static_cast<void>(queue.looks());
        told = queue.state(kLater) != ShotState::in_doubt;
        if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
    }
    CHECK(queue.state(kLater) == ShotState::creating); // Once more: the first made nothing.
    CHECK(queue.state(kShot) == ShotState::queued);
    CHECK(queue.now <= kStart + 6min);
}

TEST_CASE("where the list is gone, what may be its own holds a doubt that the rule would send again") {
    auto queue = in_doubt(1, 502);
    static_cast<void>(queue.looks());
    queue.looked({sighting(1s, {})}, true, false);
    while (queue.state(kShot) == ShotState::in_doubt) {
        if (!queue.looks().empty()) queue.list_failed(500);
        static_cast<void>(queue.looks());
        if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
    }
    CHECK(queue.state(kShot) == ShotState::held);
}

TEST_CASE("a cancel forgets no suspect: the person is told of it") {
    auto queue = in_doubt();
    static_cast<void>(queue.looks());
    queue.looked({sighting(1s, {})}, true, false);
    queue.record(event::CancelAsked{.shot = kShot});
    look_while_in_doubt(queue, kShot, {});
    const auto& held = std::get<event::CreateHeld>(queue.durable().back().fact);
    CHECK(held.reason.starts_with("prediction found was created at about that time or later"));
}

TEST_CASE("what may be a create's own is remembered from before its answer was lost") {
    auto queue = seen_while_unanswered();
    queue.lost(kLater);
    look_while_in_doubt(queue, kLater, {});
    CHECK(queue.state(kLater) == ShotState::held);
    CHECK(queue.state(kShot) != ShotState::held); // It is none of its.
}

TEST_CASE("what may be a create's own stays remembered when a person cancels the shot before the answer") {
    auto queue = seen_while_unanswered();
    queue.record(event::CancelAsked{.shot = kLater});
    queue.lost(kLater);
    static_cast<void>(queue.looks()); // Records what is suspected.
    CHECK(queue.ledger().active().at(kLater).suspects->size() == 1);
}

TEST_CASE("what may be a doubt's own outlives a restart") {
    for (const bool same_boot : {true, false}) {
        auto queue = in_doubt();
        static_cast<void>(queue.looks());
        queue.looked({sighting(1s, {})}, true, false);
        static_cast<void>(queue.looks());
        queue.restart(same_boot);
        look_while_in_doubt(queue, kShot, {});
        CHECK(queue.state(kShot) == ShotState::held);
        const auto& held = std::get<event::CreateHeld>(queue.durable().back().fact);
        CHECK(held.reason.starts_with("prediction found was created at about that time or later"));
    }
}

TEST_CASE("what may be a create's own outlives a crash that comes before its answer") {
    auto queue = seen_while_unanswered();
    static_cast<void>(queue.looks());
    REQUIRE(queue.state(kLater) == ShotState::creating);
    queue.restart();
    look_while_in_doubt(queue, kLater, {});
    CHECK(queue.state(kLater) == ShotState::held);
}

TEST_CASE("what was suspected before a restart is settled by what a look shows after it") {
    auto queue = in_doubt();
    static_cast<void>(queue.looks());
    queue.looked({sighting(1s, {})}, true, false);
    static_cast<void>(queue.looks());
    queue.restart();
    static_cast<void>(queue.looks());
    queue.looked({sighting(1s, {})}); // Another's.
    look_while_in_doubt(queue, kShot, {});
    CHECK(queue.state(kShot) == ShotState::queued);
}

TEST_CASE("looks that find nothing new write nothing down") {
    auto queue = in_doubt();
    const auto before = queue.durable().size();
    for (int i = 0; i < 3; ++i) {
        static_cast<void>(queue.looks());
        queue.looked({});
        static_cast<void>(queue.looks());
        queue.now = queue.idle_until();
    }
    CHECK(queue.durable().size() == before + 1); // That there is a list.
}

TEST_CASE("a list that was there before a restart is there after it, whatever a proxy says") {
    auto queue = in_doubt(1, 502);
    static_cast<void>(queue.looks());
    queue.looked({});
    static_cast<void>(queue.looks());
    queue.restart();
    while (queue.now < kStart + 50min) {
        if (!queue.looks().empty()) queue.list_failed(404);
        static_cast<void>(queue.looks());
        queue.now = queue.idle_until();
    }
    CHECK(queue.state(kShot) == ShotState::in_doubt); // And not sent again, by the rule for want of a list.
}

TEST_CASE("a list that was there for another create before a restart is there after it") {
    auto queue = in_doubt();
    look_until_settled(queue, {sighting(1s, {kShot})});
    REQUIRE(queue.state(kShot) == ShotState::rendering);
    queue.restart();
    queue.accept(2, shots(1));
    CHECK(queue.creates() == std::vector<ShotRef>{kLater});
    queue.lost(kLater, 502);
    const Instant end = queue.now + 50min;
    while (queue.now < end) {
        if (!queue.looks().empty()) queue.list_failed(404);
        static_cast<void>(queue.looks());
        queue.now = queue.idle_until();
    }
    CHECK(queue.state(kLater) == ShotState::in_doubt);
}

TEST_CASE("a list need not show what a person has found: it may be of another time, or in another list") {
    auto queue = in_doubt(2);
    queue.record(event::CreateAdopted{.shot = kTwin, .prediction = "found", .by = SettledBy::person});
    look_at_empty_lists(queue);
    CHECK(queue.state(kShot) == ShotState::queued);
}

TEST_CASE("a list that lacks what was adopted from it proves no absence") {
    auto queue = in_doubt(2);
    static_cast<void>(queue.looks());
    queue.looked({sighting(1s, {kTwin})});
    static_cast<void>(queue.looks());
    REQUIRE(queue.state(kTwin) == ShotState::rendering);
    look_at_empty_lists(queue);
    CHECK(queue.state(kShot) == ShotState::held);
}

} // namespace reeld::test
