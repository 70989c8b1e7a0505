#include "daemon/control/history.h"

#include <doctest/doctest.h>

namespace reeld::test {

using namespace std::chrono_literals;

namespace {

constexpr WallTime kMidnight{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

/// A ledger with one batch, and a history of what happens to it.
struct Counted {
    Counted() {
        happen(0s, event::BatchAccepted{
                       {.key = 1, .name = "harbor", .models = {"m"}, .shots = std::vector<ShotFacts>(9)}});
    }
    void happen(Duration after, Fact fact) {
        const Event event{.stamp = {.at = Instant{24h} + after, .wall = kMidnight + after},
                          .fact = std::move(fact)};
        REQUIRE(ledger.why_illegal(event).empty());
        ledger.apply(event);
        history.note(ledger, event);
    }
    void create(Duration after, std::uint32_t index) {
        happen(after, event::CreateIntended{.shot = {.batch = 1, .index = index}, .attempt = 1});
        happen(after, event::CreateAccepted{.shot = {.batch = 1, .index = index},
                                            .prediction = std::to_string(index)});
    }
    Ledger ledger{Ledger::Rules{}};
    History history;
};

} // namespace

TEST_CASE("a minute's creates, its failures, and the most that was in flight in it are counted") {
    Counted it;
    it.create(10s, 0);
    it.create(70s, 1);
    it.create(80s, 2);
    it.happen(90s, event::PredictionFailed{.shot = {.batch = 1, .index = 0},
                                           .failure = {.error = {.code = "", .message = "no", .details = ""}},
                                           .retry_after = std::nullopt});
    const auto points = it.history.until(kMidnight + 95s);
    REQUIRE(points.size() == 2);
    CHECK(points[0].at == kMidnight);
    CHECK(points[0].creates == 1);
    CHECK(points[1].creates == 2);
    CHECK(points[1].in_flight == 3);
    CHECK(points[1].failed == 1);
}

TEST_CASE("minutes in which nothing happens are there, with what was in flight") {
    Counted it;
    it.create(0s, 0);
    it.create(10min, 1);
    const auto points = it.history.until(kMidnight + 15min);
    REQUIRE(points.size() == 16);
    CHECK(points[5].creates == 0);
    CHECK(points[5].in_flight == 1);
    CHECK(points[15].in_flight == 2);
}

TEST_CASE("history forgets what is older than half a day") {
    Counted it;
    it.create(0s, 0);
    it.create(20h, 1);
    CHECK(it.history.until(kMidnight + 20h).size() == History::points_max);
    CHECK(it.history.until(kMidnight + 40h).size() == History::points_max);
    CHECK(it.history.until(kMidnight + 40h).back().in_flight == 2);
}

} // namespace reeld::test
