#include "jobs/queue/sighting_match.h"

#include "tests/jobs/queue/doubts.h"

#include <doctest/doctest.h>

namespace reeld::test {

TEST_CASE("an execution with an equal input, created after the send, is adopted and polled on") {
    auto queue = in_doubt();
    REQUIRE(queue.looks().size() == 1);
    queue.looked({sighting(1s, {kShot})});
    static_cast<void>(queue.looks());
    CHECK(queue.state(kShot) == ShotState::rendering);
    CHECK(queue.ledger().active().at(kShot).prediction == "found");
    CHECK(queue.ledger().slots_taken(queue.now) == 1);
    queue.now += 1min;
    CHECK(queue.polls() == std::vector<ShotRef>{kShot});
    queue.succeeded(kShot);
    CHECK(queue.ledger().slots_taken(queue.now) == 0);
    CHECK(queue.ledger().durations().belief({.model = "model", .clip_seconds = 5}).seen() == 0);
}

TEST_CASE("an execution that was created before the send is never adopted") {
    auto queue = in_doubt();
    look_until_settled(queue, {sighting(-10min, {kShot})});
    CHECK(queue.state(kShot) == ShotState::queued);
}

TEST_CASE("an execution of just before the send is not adopted, and its shot is held: clocks may disagree") {
    auto queue = in_doubt();
    look_until_settled(queue, {sighting(-30s, {kShot})});
    CHECK(queue.state(kShot) == ShotState::held);
}

TEST_CASE("an unequal execution is another program's, once the provider is known to tell inputs as they were "
          "sent") {
    for (const bool told : {true, false}) {
        auto queue = in_doubt();
        queue.now += 2min;
        REQUIRE(queue.looks().size() == 1);
        queue.looked({sighting(1s, {})}, true, told);
        static_cast<void>(queue.looks());
        CHECK(queue.state(kShot) == (told ? ShotState::queued : ShotState::held));
    }
}

TEST_CASE(
    "a wrong clock of the provider at the send hides no execution: its shot is held, not paid for twice") {
    for (const Duration wrong : {Duration{10min}, Duration{-10min}}) {
        DrivenQueue queue;
        queue.accept(1, shots(1));
        REQUIRE(queue.queue().next(queue.now).has_value());
        queue.record(event::CreateIntended{
            .shot = kShot, .attempt = 1, .request_id = "r", .provider_at = stamp_at(kStart).wall + wrong});
        queue.lost(kShot);
        look_while_in_doubt(queue, kShot, {sighting(1s, {kShot})});
        CHECK(queue.state(kShot) == (wrong > 0s ? ShotState::held : ShotState::rendering));
    }
}

TEST_CASE(
    "executions that are dated shortly before their sends are not given to an equal shot sent earlier") {
    auto queue = in_doubt_one_after_the_other();
    const std::vector<Sighting> both{sighting(-3s, {kShot, kLater}, "one"),
                                     sighting(7s, {kShot, kLater}, "two")};
    for (const ShotRef ref : {kShot, kLater}) {
        look_while_in_doubt(queue, ref, both);
        CHECK(queue.state(ref) == ShotState::held);
    }
}

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
    auto queue = in_doubt_one_after_the_other();
    queue.looks();
    queue.looked({sighting(1s, {kShot, kLater}, "early"), sighting(11s, {kShot, kLater}, "late")});
    static_cast<void>(queue.looks());
    CHECK(queue.ledger().active().at(kShot).prediction == "early");
    CHECK(queue.ledger().active().at(kLater).prediction == "late");
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

TEST_CASE("an execution of long before an unanswered create with the same input is not waited for") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.creates();
    queue.lost(kShot);
    queue.now += 90s;
    queue.accept(2, shots(1));
    CHECK(queue.creates() == std::vector{kLater});
    static_cast<void>(queue.looks());
    queue.looked({sighting(1s, {kShot, kLater})});
    static_cast<void>(queue.looks());
    CHECK(queue.state(kShot) == ShotState::rendering);
}

TEST_CASE(
    "an equal execution of shortly before the sends is told to the operator when later ones are adopted") {
    auto queue = in_doubt();
    queue.looks();
    queue.looked({sighting(-10s, {kShot}, "early"), sighting(1s, {kShot}, "own")});
    std::vector<std::string> strays;
    for (const auto& action : queue.take_all()) {
        if (const auto* report = std::get_if<action::ReportStrays>(&action)) strays = report->predictions;
    }
    CHECK(queue.ledger().active().at(kShot).prediction == "own");
    CHECK(strays == std::vector<std::string>{"early"});
}

TEST_CASE("what one doubt adopts is no reason to hold another one that was sent a moment later") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.creates();
    queue.now += 10s;
    queue.accept(2, shots(1));
    queue.creates();
    const ShotRef later{.batch = 2, .index = 0};
    queue.lost(kShot);
    queue.lost(later);
    queue.now += 2min;
    queue.looks();
    queue.looked({sighting(1s, {kShot, later}, "early")});
    static_cast<void>(queue.looks());
    CHECK(queue.ledger().active().at(kShot).prediction == "early");
    CHECK(queue.state(later) == ShotState::queued);
}

TEST_CASE("no execution is adopted while one that could not be read came before it") {
    for (const auto unread : {-90s, -30s, 1s, 3s}) {
        auto queue = in_doubt();
        queue.looks();
        queue.record(event::ListLooked{
            .model = "model",
            .asked_at = queue.now,
            .as_of = stamp_at(queue.now).wall,
            .answered_at = queue.now,
            .complete = false,
            .inputs_are_told = true,
            .unread = {{"first", stamp_at(kStart).wall - 90s}, {"second", stamp_at(kStart).wall + unread}},
            .sightings = {sighting(2s, {kShot})}});
        static_cast<void>(queue.looks());
        const bool before = unread == -30s || unread == 1s;
        CHECK(queue.state(kShot) == (before ? ShotState::in_doubt : ShotState::rendering));
    }
}

} // namespace reeld::test
