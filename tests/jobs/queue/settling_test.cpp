#include "jobs/queue/settling.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

constexpr ShotRef kShot{.batch = 1, .index = 0};
constexpr ShotRef kTwin{.batch = 1, .index = 1};

/// A queue whose first `lost` shots are in doubt since now.
DrivenQueue in_doubt(std::size_t lost = 1, int http_status = 0, bool retry_unresolved = false) {
    Scheduler::Options options;
    options.settling.retry_unresolved = retry_unresolved;
    DrivenQueue queue{{}, options};
    queue.accept(1, shots(lost));
    queue.creates();
    for (std::uint32_t i = 0; i < lost; ++i) queue.lost({1, i}, http_status);
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

TEST_CASE(
    "a lost create is looked for after 0, 5, 15, 30, 60 and 120 seconds, then as long as it is in doubt") {
    auto queue = in_doubt();
    std::vector<Duration> looked_after;
    while (looked_after.size() < 8) {
        REQUIRE(queue.looks() == std::vector<std::string>{"model"});
        looked_after.push_back(queue.now - kStart);
        queue.list_failed(401);
        if (looked_after.size() < 8) queue.now = queue.idle_until();
    }
    // Failed looks are spaced: 15, 30, 60 and 120 seconds, which the schedule may fall behind.
    CHECK(looked_after == std::vector<Duration>{0s, 15s, 45s, 105s, 225s, 345s, 465s, 585s});
}

TEST_CASE(
    "looks that succeed and show nothing keep the schedule, and the last one proves that there is nothing") {
    auto queue = in_doubt();
    std::vector<Duration> looked_after;
    while (queue.state(kShot) == ShotState::in_doubt) {
        REQUIRE(queue.looks().size() == 1);
        looked_after.push_back(queue.now - kStart);
        queue.looked({});
        static_cast<void>(queue.looks());
        if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
    }
    CHECK(looked_after == std::vector<Duration>{0s, 5s, 15s, 30s, 60s, 120s});
    CHECK(queue.state(kShot) == ShotState::queued);
    CHECK(queue.ledger().shot(kShot).attempts == 0);
    queue.now += 10s;
    CHECK(queue.creates() == std::vector<ShotRef>{kShot});
}

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
        while (queue.state(kShot) == ShotState::in_doubt) {
            if (!queue.looks().empty()) queue.looked({sighting(1s, {kShot})});
            static_cast<void>(queue.looks());
            if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
        }
        CHECK(queue.state(kShot) == (wrong > 0s ? ShotState::held : ShotState::rendering));
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
    for (const auto unread : {-5s, 1s, 3s}) {
        auto queue = in_doubt();
        queue.looks();
        queue.record(
            event::ListLooked{.model = "model",
                              .asked_at = queue.now,
                              .as_of = stamp_at(queue.now).wall,
                              .answered_at = queue.now,
                              .complete = false,
                              .inputs_are_told = true,
                              .unread = {stamp_at(kStart).wall - 30s, stamp_at(kStart).wall + unread},
                              .sightings = {sighting(2s, {kShot})}});
        static_cast<void>(queue.looks());
        CHECK(queue.state(kShot) == (unread == 1s ? ShotState::in_doubt : ShotState::rendering));
    }
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

TEST_CASE("an incomplete look proves nothing") {
    auto queue = in_doubt();
    while (queue.now < kStart + 10min) {
        if (!queue.looks().empty()) queue.looked({}, false);
        queue.now = queue.idle_until();
    }
    CHECK(queue.state(kShot) == ShotState::in_doubt);
    while (queue.state(kShot) == ShotState::in_doubt) {
        if (!queue.looks().empty()) queue.looked({}, false);
        static_cast<void>(queue.looks());
        if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
    }
    CHECK(queue.state(kShot) == ShotState::held);
    CHECK(queue.now >= kStart + 1h);
}

TEST_CASE("a list of some time ago, by the provider's clock, proves nothing") {
    auto queue = in_doubt();
    queue.now += 2min;
    queue.looks();
    queue.record(event::ListLooked{.model = "model",
                                   .asked_at = queue.now,
                                   .as_of = stamp_at(queue.now).wall,
                                   .answered_at = queue.now + 2min, // As if it were two minutes old.
                                   .complete = true,
                                   .inputs_are_told = true,
                                   .sightings = {}});
    static_cast<void>(queue.looks());
    CHECK(queue.state(kShot) == ShotState::queued); // Its own clock is all that is known.

    DrivenQueue known;
    known.accept(1, shots(1));
    const auto create = known.queue().next(known.now);
    REQUIRE(create.has_value());
    known.record(event::CreateIntended{
        .shot = kShot, .attempt = 1, .request_id = "r", .provider_at = stamp_at(kStart).wall});
    known.lost(kShot);
    known.now += 2min;
    known.looks();
    known.record(event::ListLooked{.model = "model",
                                   .asked_at = known.now,
                                   .as_of = stamp_at(kStart + 30s).wall,
                                   .answered_at = known.now,
                                   .complete = true,
                                   .inputs_are_told = true,
                                   .sightings = {}});
    static_cast<void>(known.looks());
    CHECK(known.state(kShot) == ShotState::in_doubt);
}

TEST_CASE("without a list, a 5xx is tried again and counts as an attempt, since it may have been billed") {
    for (const int status : {403, 404}) {
        auto queue = in_doubt(1, 502);
        while (queue.state(kShot) == ShotState::in_doubt) {
            if (!queue.looks().empty()) queue.list_failed(status);
            static_cast<void>(queue.looks());
            if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
        }
        CHECK(queue.state(kShot) == ShotState::queued);
        CHECK(queue.ledger().shot(kShot).attempts == 1);
        CHECK(queue.now >= kStart + 2min);
        // What may be live keeps its slot.
        CHECK(queue.ledger().slots_taken(queue.now) == 1);
        CHECK(queue.ledger().slots_taken(kStart + 1h) == 0);
    }
}

TEST_CASE("without a list, a lost answer holds its shot, unless the configuration says to try again") {
    for (const bool retry : {false, true}) {
        auto queue = in_doubt(1, 0, retry);
        while (queue.state(kShot) == ShotState::in_doubt) {
            if (!queue.looks().empty()) queue.list_failed(404);
            static_cast<void>(queue.looks());
            if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
        }
        CHECK(queue.state(kShot) == (retry ? ShotState::queued : ShotState::held));
    }
}

TEST_CASE("a list that cannot be reached is asked for until the slot comes back, and then counts as none") {
    auto queue = in_doubt();
    while (queue.state(kShot) == ShotState::in_doubt) {
        if (!queue.looks().empty()) queue.list_failed(0);
        static_cast<void>(queue.looks());
        if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
    }
    CHECK(queue.state(kShot) == ShotState::held);
    CHECK(queue.now >= kStart + 1h);
    CHECK(queue.now <= kStart + 1h + 2min);
}

TEST_CASE(
    "a 5xx that made nothing is charged when the provider accepted a later create: it is the shot's fault") {
    for (const bool others_accepted : {false, true}) {
        DrivenQueue queue;
        queue.accept(1, shots(1));
        queue.creates();
        queue.now += 1s;
        queue.accept(2, shots(1));
        queue.creates();
        if (others_accepted) queue.accepted({2, 0});
        queue.lost(kShot, 500);
        queue.now += 2min;
        queue.looks();
        queue.looked({});
        static_cast<void>(queue.looks());
        CHECK(queue.ledger().shot(kShot).attempts == (others_accepted ? 1 : 0));
    }
}

namespace {

/// Lets every create of kShot end in a 5xx that made nothing, and all others succeed at once, until kShot has
/// failed; returns how long that took.
Duration lose_until_failed(std::size_t others) {
    DrivenQueue queue{{.slots = 2}};
    queue.accept(1, shots(1));
    queue.accept(2, shots(others));
    const auto act = [&](const Action& action) {
        if (std::holds_alternative<action::Look>(action)) return queue.looked({});
        const auto* create = std::get_if<action::Create>(&action);
        if (create == nullptr) return;
        if (create->shot == kShot) return queue.lost(kShot, 500);
        queue.accepted(create->shot);
        queue.succeeded(create->shot);
    };
    while (queue.now < kStart + 24h && queue.state(kShot) != ShotState::failed) {
        while (const auto action = queue.take()) act(*action);
        if (queue.state(kShot) != ShotState::failed) queue.now = queue.idle_until();
    }
    CHECK(queue.ledger().shot(kShot).attempts == 3);
    return queue.now - kStart;
}

} // namespace

TEST_CASE(
    "a shot whose creates end in a 5xx each time, while others pass, has failed after its last attempt") {
    CHECK(lose_until_failed(5'000) < 10min);
}

TEST_CASE("a shot that is lost each time and has no others to compare with fails in the end, but not in an "
          "outage") {
    const Duration took = lose_until_failed(1);
    CHECK(took > 1h);
    CHECK(took < 2h);
}

TEST_CASE("a restart begins the looks anew: what was not seen by this run proves nothing to it") {
    auto queue = in_doubt();
    queue.now += 110s;
    queue.restart();
    REQUIRE(queue.looks().size() == 1);
    queue.looked({});
    queue.now += 15s;
    queue.looks();
    queue.looked({});
    static_cast<void>(queue.looks());
    CHECK(queue.state(kShot) == ShotState::in_doubt);
    queue.now += 2min;
    queue.looks();
    queue.looked({});
    static_cast<void>(queue.looks());
    CHECK(queue.state(kShot) == ShotState::queued);
}

TEST_CASE("after a reboot absence proves nothing, unless the provider's clock at the send is known") {
    for (const bool known : {false, true}) {
        DrivenQueue queue;
        queue.accept(1, shots(1));
        REQUIRE(queue.queue().next(queue.now).has_value());
        const auto clock = known ? std::optional{stamp_at(kStart).wall} : std::nullopt;
        queue.record(
            event::CreateIntended{.shot = kShot, .attempt = 1, .request_id = "r", .provider_at = clock});
        queue.restart(false);
        queue.now += 2min;
        queue.looks();
        queue.looked({});
        static_cast<void>(queue.looks());
        CHECK(queue.state(kShot) == (known ? ShotState::queued : ShotState::held));
    }
}

TEST_CASE("a person settles a doubt or a held shot, and is faster than a decision already made") {
    auto queue = in_doubt();
    queue.looks();
    queue.looked({sighting(1s, {kShot})});
    queue.record(queue.ledger().dismissal(kShot, SettledBy::person, false));
    CHECK(queue.state(kShot) == ShotState::queued);
    CHECK(queue.ledger().shot(kShot).attempts == 0);
    CHECK(queue.creates() == std::vector<ShotRef>{kShot});
    queue.held(kShot);
    CHECK(queue.ledger().held() == 1);
    queue.record(event::CreateAdopted{.shot = kShot, .prediction = "seen", .by = SettledBy::person});
    CHECK(queue.state(kShot) == ShotState::rendering);
    CHECK(queue.ledger().held() == 0);
}

TEST_CASE("one look at a time serves all doubts of a model") {
    auto queue = in_doubt(3);
    CHECK(queue.looks().size() == 1);
    queue.now += 5min;
    CHECK(queue.looks().empty());
    queue.looked({});
    CHECK(queue.looks().size() == 1);
}

} // namespace reeld::test
