/// Doubts with equal inputs, such as a storyboard's takes: one execution settles one of them.
#include "jobs/queue/settling.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

constexpr ShotRef kShot{.batch = 1, .index = 0};
constexpr ShotRef kTwin{.batch = 1, .index = 1};

/// A queue whose first `lost` shots are in doubt since now.
DrivenQueue in_doubt(std::size_t lost) {
    DrivenQueue queue;
    queue.accept(1, shots(lost));
    queue.creates();
    for (std::uint32_t i = 0; i < lost; ++i) queue.lost({1, i});
    return queue;
}

/// An execution created `after` the queue's first create was sent.
Sighting sighting(Duration after, std::vector<ShotRef> equals, const std::string& prediction = "found") {
    return {
        .prediction = prediction, .created_at = stamp_at(kStart).wall + after, .equals = std::move(equals)};
}

/// Lets every look show the same until none is due within `settle` any more.
void look_until_settled(DrivenQueue& queue, const std::vector<Sighting>& sightings) {
    while (queue.now <= kStart + 2min && queue.state(kShot) == ShotState::in_doubt) {
        if (!queue.looks().empty()) queue.looked(sightings);
        static_cast<void>(queue.looks());
        if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
    }
}

} // namespace

TEST_CASE("two doubts with one input and one execution: one is adopted, the other was not created") {
    auto queue = in_doubt(2);
    look_until_settled(queue, {sighting(1s, {kShot, kTwin})});
    while (queue.state(kTwin) == ShotState::in_doubt || queue.state(kShot) == ShotState::in_doubt) {
        queue.now = queue.idle_until();
        if (!queue.looks().empty()) queue.looked({}); // What was adopted is known by now.
        static_cast<void>(queue.looks());
    }
    const auto& batch = queue.ledger().batch(1);
    CHECK(batch.count(ShotState::rendering) == 1);
    CHECK(batch.count(ShotState::queued) == 1);
}

TEST_CASE("each execution settles one doubt, and the operator is told once of those that are too many") {
    auto queue = in_doubt(2);
    queue.looks();
    queue.looked({sighting(1s, {kShot, kTwin}, "a"), sighting(2s, {kShot, kTwin}, "b"),
                  sighting(3s, {kShot, kTwin}, "c")});
    std::vector<std::string> strays;
    for (const auto& action : queue.take_all()) {
        if (const auto* report = std::get_if<action::ReportStrays>(&action)) strays = report->predictions;
    }
    CHECK(strays == std::vector<std::string>{"c"});
    const auto& active = queue.ledger().active();
    CHECK(active.at(kShot).prediction != active.at(kTwin).prediction);
}

TEST_CASE("as many doubts are settled as can be: the one that was sent last chooses first") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.creates();
    queue.now += 10s;
    queue.accept(2, shots(1));
    queue.creates();
    const ShotRef later{.batch = 2, .index = 0};
    queue.lost(kShot);
    queue.lost(later);
    queue.looks();
    queue.looked({sighting(1s, {kShot, later}, "early"), sighting(11s, {kShot, later}, "late")});
    static_cast<void>(queue.looks());
    CHECK(queue.ledger().active().at(kShot).prediction == "early");
    CHECK(queue.ledger().active().at(later).prediction == "late");
}

TEST_CASE("a doubt whose execution may have been given to a twin is not absent before the twin would be, "
          "since the list may still lack the twin's own") {
    DrivenQueue queue;
    const ShotRef later{.batch = 2, .index = 0};
    queue.accept(1, shots(1));
    queue.creates();
    queue.now = kStart + 50s;
    queue.accept(2, shots(1));
    queue.creates();
    queue.now = kStart + 60s;
    queue.lost(kShot);
    queue.now = kStart + 110s;
    queue.lost(later);
    const auto look = [&](Duration after, const std::vector<Sighting>& sightings) {
        queue.now = kStart + after;
        REQUIRE(queue.looks().size() == 1);
        queue.looked(sightings);
        static_cast<void>(queue.looks());
    };
    look(140s, {sighting(59s, {kShot, later}, "the first one's")}); // It took two minutes to be listed ...
    CHECK(queue.state(later) == ShotState::rendering);
    look(180s, {});
    CHECK(queue.state(kShot) == ShotState::in_doubt);
    look(225s, {sighting(100s, {kShot}, "the later one's")}); // ... and so may the other.
    CHECK(queue.state(kShot) == ShotState::rendering);
}

TEST_CASE("a doubt whose execution was given to a twin is absent when the twin would be") {
    auto queue = in_doubt(2);
    queue.now += 2min;
    queue.looks();
    queue.looked({sighting(1s, {kShot, kTwin})});
    static_cast<void>(queue.looks());
    CHECK(queue.ledger().batch(1).count(ShotState::rendering) == 1);
    CHECK(queue.ledger().batch(1).count(ShotState::queued) == 1);
}

TEST_CASE("an execution that turns out to be another shot's before it was adopted is left to it") {
    DrivenQueue queue;
    queue.accept(1, shots(2));
    queue.creates();
    queue.lost(kShot);
    queue.looks();
    queue.looked({sighting(1s, {kShot})}); // The provider shows the twin's input otherwise than it was sent.
    queue.record(event::CreateAccepted{.shot = kTwin, .prediction = "found", .http_status = 200});
    static_cast<void>(queue.looks());
    CHECK(queue.state(kShot) == ShotState::in_doubt);
    CHECK(queue.idle_until() <= kStart + 5s);
}

TEST_CASE("while a create with the same input is unanswered, an execution may be that one's") {
    DrivenQueue queue;
    queue.accept(1, shots(2));
    queue.creates();
    queue.lost(kShot);
    queue.looks();
    queue.looked({sighting(1s, {kShot, kTwin})});
    static_cast<void>(queue.looks());
    CHECK(queue.state(kShot) == ShotState::in_doubt);
    queue.accepted(kTwin);
    queue.now = queue.idle_until();
    queue.looks();
    queue.looked({sighting(1s, {kShot})});
    static_cast<void>(queue.looks());
    CHECK(queue.state(kShot) == ShotState::rendering);
}

} // namespace reeld::test
