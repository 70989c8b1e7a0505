// Settling where a create's own webhook was called: only what the create has made can know where to call.

#include "jobs/queue/settling.h"

#include "tests/jobs/queue/doubts.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

/// The look that is due shows these.
void look(DrivenQueue& queue, const std::vector<Sighting>& sightings) {
    REQUIRE(queue.looks().size() == 1);
    queue.looked(sightings);
    static_cast<void>(queue.looks());
}

const std::string& prediction_of(const DrivenQueue& queue, ShotRef shot) {
    return queue.ledger().active().at(shot).prediction;
}

} // namespace

TEST_CASE(
    "a create whose own webhook was called was executed, whatever a list shows, and a restart forgets") {
    for (const bool before_the_loss : {true, false}) {
        DrivenQueue queue;
        queue.accept(1, shots(1));
        queue.creates();
        if (!before_the_loss) queue.lost(kShot);
        queue.record(event::CreateCalled{.shot = kShot, .prediction = "called"});
        queue.restart();
        look_while_in_doubt(queue, kShot, {sighting(1s, {}, "called")}); // With another input.
        CHECK(queue.state(kShot) == ShotState::held);
        const auto& held = std::get<event::CreateHeld>(queue.durable().back().fact);
        CHECK(held.reason ==
              "prediction called called its webhook, and the provider does not confirm that it is its own");
    }
}

TEST_CASE("a create whose own webhook was called is not sent again by rule either") {
    auto queue = in_doubt(1, 502);
    queue.record(event::CreateCalled{.shot = kShot, .prediction = "called"});
    while (queue.state(kShot) == ShotState::in_doubt) {
        if (!queue.looks().empty()) queue.list_failed(404);
        static_cast<void>(queue.looks());
        if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
    }
    CHECK(queue.state(kShot) == ShotState::held);
}

TEST_CASE(
    "a call that comes after a decision and before it is recorded is heeded: nothing is created again") {
    for (const bool there_is_a_list : {true, false}) {
        auto queue = in_doubt(1, 502);
        for (;;) {
            REQUIRE(queue.looks().size() == 1);
            if (there_is_a_list) {
                queue.looked({});
            } else {
                queue.list_failed(404);
            }
            if (queue.now >= kStart + 2min) break;
            static_cast<void>(queue.looks());
            queue.now = queue.idle_until();
        }
        queue.record(event::CreateCalled{.shot = kShot, .prediction = "called"});
        static_cast<void>(queue.looks());
        CHECK(queue.state(kShot) == ShotState::in_doubt);
    }
}

TEST_CASE("what called a create's webhook is adopted, not another program's equal one of before it") {
    auto queue = in_doubt();
    queue.record(event::CreateCalled{.shot = kShot, .prediction = "called"});
    look(queue, {sighting(1s, {kShot}, "another's"), sighting(3s, {kShot}, "called")});
    CHECK(prediction_of(queue, kShot) == "called");
}

TEST_CASE("what called a create's webhook is its own, whatever the clocks of the provider say") {
    auto queue = in_doubt();
    queue.record(event::CreateCalled{.shot = kShot, .prediction = "called"});
    look(queue, {sighting(-10min, {kShot}, "called")});
    CHECK(prediction_of(queue, kShot) == "called");
}

TEST_CASE("an equal execution is adopted in the place of what called only when the list does not show that "
          "in time") {
    for (const bool comes_up : {true, false}) {
        auto queue = in_doubt();
        queue.record(event::CreateCalled{.shot = kShot, .prediction = "called"});
        const auto equal = sighting(1s, {kShot}, "equal");
        look(queue, {equal});
        CHECK(queue.state(kShot) == ShotState::in_doubt);
        auto shown = std::vector{equal};
        if (comes_up) shown.push_back(sighting(2s, {kShot}, "called"));
        look_while_in_doubt(queue, kShot, shown);
        CHECK(prediction_of(queue, kShot) == (comes_up ? "called" : "equal"));
    }
}

TEST_CASE("what called one create's webhook is not given to its twin, which has made nothing then") {
    for (const ShotRef caller : {kShot, kTwin}) {
        auto queue = in_doubt(2);
        queue.record(event::CreateCalled{.shot = caller, .prediction = "called"});
        const ShotRef other = caller == kShot ? kTwin : kShot;
        look(queue, {sighting(1s, {kShot, kTwin}, "called")});
        CHECK(prediction_of(queue, caller) == "called");
        look_while_in_doubt(queue, other, {});
        CHECK(queue.state(other) == ShotState::queued);
    }
}

TEST_CASE("what was called is held though a person gives what called it to another shot, and may be wrong") {
    for (const bool ended : {true, false}) {
        auto queue = in_doubt(2);
        queue.record(event::CreateCalled{.shot = kShot, .prediction = "called"});
        queue.record(event::CreateAdopted{.shot = kTwin, .prediction = "called", .by = SettledBy::person});
        if (ended) queue.succeeded(kTwin);
        look_while_in_doubt(queue, kShot, {});
        CHECK(queue.state(kShot) == ShotState::held);
    }
}

TEST_CASE(
    "what called a create and is shown with another input lets it take nothing else, and its twin its own") {
    auto queue = in_doubt_one_after_the_other();
    queue.record(event::CreateCalled{.shot = kLater, .prediction = "called"});
    const std::vector<Sighting> shown{sighting(10s, {}, "called"),
                                      sighting(11s, {kShot, kLater}, "the first one's"),
                                      sighting(12s, {kLater}, "another program's")};
    look(queue, shown);
    CHECK(prediction_of(queue, kShot) == "the first one's");
    look_while_in_doubt(queue, kLater, {shown[0], shown[2]});
    CHECK(queue.state(kLater) == ShotState::held);
}

TEST_CASE("a twin's absence is decided anew when the other is not given what it was to be given") {
    auto queue = in_doubt_one_after_the_other();
    queue.now = kStart + 10min;
    REQUIRE(queue.looks().size() == 1);
    queue.looked({sighting(11s, {kShot, kLater})}); // The later one's, it was decided.
    queue.record(event::CreateAdopted{.shot = kLater, .prediction = "named", .by = SettledBy::person});
    static_cast<void>(queue.looks());
    CHECK(queue.state(kShot) == ShotState::in_doubt);
}

TEST_CASE("a create that awaits what called it leaves to its twin what only that can own") {
    for (const bool unread : {true, false}) {
        auto queue = in_doubt_one_after_the_other();
        queue.record(event::CreateCalled{.shot = kLater, .prediction = "called"});
        const auto looks = queue.whole_looks();
        REQUIRE(looks.size() == 1);
        auto seen = queue.list_of(looks[0], {});
        seen.sightings = {sighting(11s, {kShot, kLater}, "the first one's")};
        if (unread) {
            seen.complete = false;
            seen.unread = {{.prediction = "called", .created_at = stamp_at(kStart).wall + 10s}};
        }
        queue.record(seen);
        static_cast<void>(queue.looks());
        CHECK(prediction_of(queue, kShot) == "the first one's");
        CHECK(queue.state(kLater) == ShotState::in_doubt);
    }
}

TEST_CASE("a call that changes who is given what has the twin's absence decided anew as well") {
    auto queue = in_doubt_one_after_the_other();
    queue.now = kStart + 10min;
    REQUIRE(queue.looks().size() == 1);
    queue.looked(
        {sighting(11s, {kShot, kLater}, "the first one's")}); // Given to the later one, it was decided.
    queue.record(event::CreateCalled{.shot = kLater, .prediction = "called"});
    static_cast<void>(queue.looks());
    CHECK(queue.state(kShot) == ShotState::in_doubt);
    CHECK(queue.state(kLater) == ShotState::in_doubt);
    look_while_in_doubt(queue, kShot, {}); // By a replica that lacks it.
    CHECK(queue.state(kShot) == ShotState::held);
}

} // namespace reeld::test
