#include "jobs/queue/settling.h"

#include "tests/jobs/queue/doubts.h"

#include <doctest/doctest.h>

namespace reeld::test {

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

TEST_CASE("a list that was there is not gone because a look at it is answered 403 or 404") {
    for (const int status : {403, 404}) {
        auto queue = in_doubt(1, 502);
        queue.looks();
        queue.looked({});
        queue.now += 2min;
        queue.looks();
        queue.list_failed(status);
        static_cast<void>(queue.looks());
        CHECK(queue.state(kShot) == ShotState::in_doubt);
        queue.now += 2min;
        queue.looks();
        queue.looked({sighting(1s, {kShot})});
        static_cast<void>(queue.looks());
        CHECK(queue.state(kShot) == ShotState::rendering);
    }
}

TEST_CASE("an incomplete look proves nothing") {
    auto queue = in_doubt();
    while (queue.now < kStart + 10min) {
        if (!queue.looks().empty()) queue.looked({}, false);
        static_cast<void>(queue.looks());
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

TEST_CASE(
    "a look that proves nothing at the end of settle is made again, however soon predictions are given up") {
    DrivenQueue queue{{.give_up = 30s}, {}};
    queue.accept(1, shots(1));
    queue.creates();
    queue.lost(kShot);
    int late_looks = 0;
    while (queue.state(kShot) == ShotState::in_doubt) {
        if (!queue.looks().empty()) {
            late_looks += queue.now >= kStart + 2min ? 1 : 0;
            queue.looked({}, late_looks != 1);
        }
        static_cast<void>(queue.looks());
        if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
    }
    CHECK(queue.state(kShot) == ShotState::queued);
    CHECK(queue.now < kStart + 4min);
}

TEST_CASE("a list that lacks what was accepted just before or since proves nothing, and the shot is held") {
    constexpr ShotRef kBefore = kShot;
    constexpr ShotRef kLost{.batch = 2, .index = 0};
    for (const bool shows_ours : {false, true}) {
        DrivenQueue queue;
        queue.accept(1, shots(1));
        CHECK(queue.accepted_creates() == std::vector<ShotRef>{kBefore});
        const std::string ours = queue.ledger().active().at(kBefore).prediction;
        queue.now += 30min;
        queue.succeeded(kBefore); // It is looked for all the same.
        queue.accept(2, shots(1));
        queue.creates();
        queue.lost(kLost);
        const Instant lost_at = queue.now;
        while (queue.state(kLost) == ShotState::in_doubt) {
            for (const auto& look : queue.whole_looks()) {
                CHECK(look.back_to == kStart);
                queue.record(
                    queue.list_of(look, shows_ours ? std::vector{ours} : std::vector<std::string>{}));
            }
            static_cast<void>(queue.looks());
            if (queue.state(kLost) == ShotState::in_doubt) queue.now = queue.idle_until();
        }
        CHECK(queue.state(kLost) == (shows_ours ? ShotState::queued : ShotState::held));
        CHECK(queue.now - lost_at == (shows_ours ? Duration{2min} : Duration{1h}));
    }
}

TEST_CASE("what was accepted before a restart has to be in the list as well, also when it has ended") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    CHECK(queue.accepted_creates() == std::vector<ShotRef>{kShot});
    queue.now += 5min;
    queue.succeeded(kShot);
    queue.accept(2, shots(1));
    queue.creates();
    queue.restart(); // The create under way is lost with it.
    constexpr ShotRef kLost{.batch = 2, .index = 0};
    REQUIRE(queue.state(kLost) == ShotState::in_doubt);
    while (queue.state(kLost) == ShotState::in_doubt) {
        for (const auto& look : queue.whole_looks()) queue.record(queue.list_of(look, {}));
        static_cast<void>(queue.looks());
        if (queue.state(kLost) == ShotState::in_doubt) queue.now = queue.idle_until();
    }
    CHECK(queue.state(kLost) == ShotState::held);
}

TEST_CASE("the list of a provider that does not know us proves nothing") {
    for (const bool knows_us : {false, true}) {
        auto queue = in_doubt();
        while (queue.state(kShot) == ShotState::in_doubt) {
            for (const auto& look : queue.whole_looks()) {
                auto list = queue.list_of(look, {});
                list.knows_us = knows_us;
                queue.record(std::move(list));
            }
            static_cast<void>(queue.looks());
            if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
        }
        CHECK(queue.state(kShot) == (knows_us ? ShotState::queued : ShotState::held));
    }
}

TEST_CASE("a create whose answer named a prediction is never tried again by itself") {
    for (const bool has_list : {false, true}) {
        DrivenQueue queue;
        queue.accept(1, shots(1));
        queue.creates();
        queue.record(event::CreateLost{
            .shot = kShot, .loss = {.http_status = 500, .cause = "HTTP 500", .named = "perhaps-ours"}});
        while (queue.state(kShot) == ShotState::in_doubt) {
            if (!queue.looks().empty()) has_list ? queue.looked({}) : queue.list_failed(404);
            static_cast<void>(queue.looks());
            if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
        }
        CHECK(queue.state(kShot) == ShotState::held);
    }
}

TEST_CASE("one answer that there is no list, among failures of other kinds, is not believed") {
    auto queue = in_doubt(1, 502);
    int looks = 0;
    while (queue.now < kStart + 30min) {
        if (!queue.looks().empty()) queue.list_failed(++looks % 3 == 0 ? 503 : 404);
        static_cast<void>(queue.looks());
        REQUIRE(queue.state(kShot) == ShotState::in_doubt);
        queue.now = queue.idle_until();
    }
    CHECK(looks > 10);
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

TEST_CASE("one wrong Date before a reboot does not hide a create's own execution") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    REQUIRE(queue.queue().next(queue.now).has_value());
    const WallTime wrong = stamp_at(kStart).wall + 5min;
    queue.record(event::CreateIntended{.shot = kShot, .attempt = 1, .request_id = "r", .provider_at = wrong});
    queue.now += 6min;
    queue.restart(false);
    while (queue.now < kStart + 2h && queue.state(kShot) == ShotState::in_doubt) {
        if (!queue.looks().empty()) queue.looked({sighting(1s, {kShot})});
        static_cast<void>(queue.looks());
        if (queue.state(kShot) == ShotState::in_doubt) queue.now = queue.idle_until();
    }
    CHECK(queue.state(kShot) == ShotState::held);
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
