#include "jobs/manifest/attempts.h"

#include "tests/jobs/manifest/one_shot.h"

#include <doctest/doctest.h>

using namespace reeld;
using namespace reeld::test;
using namespace std::chrono_literals;

namespace {

/// The attempts out of these facts, a minute apart.
std::vector<Attempt> fold(const std::vector<Fact>& facts) {
    std::vector<Event> events;
    for (const auto& fact : facts) events.push_back(at_minute(events.size(), fact));
    return fold_attempts(events);
}

event::CreateIntended intended(int attempt, const std::string& request_id) {
    return {kShot, attempt, request_id, {}};
}

} // namespace

TEST_CASE("each create is one attempt, with its request id, its answer and what it cost") {
    const auto attempts = fold({
        intended(1, "r1"),
        event::CreateAccepted{kShot, "p1", 200},
        event::PredictionFailed{kShot, {{"internal_error", "It broke.", ""}, false, 3.5, 0.25}, Duration{1}},
        intended(2, "r2"),
        event::CreateAccepted{kShot, "p2", 201},
        event::PredictionSucceeded{kShot, {{"https://v/1.mp4"}, 161.25, 1.5}},
    });
    REQUIRE(attempts.size() == 2);
    CHECK(attempts[0].request_id == "r1");
    CHECK(attempts[0].outcome == CreateOutcome::accepted);
    CHECK(attempts[0].http_status == 200);
    CHECK(attempts[0].end == PredictionEnd::failed);
    CHECK(attempts[0].end_words == "It broke.");
    CHECK(attempts[0].cost_usd == 0.25);
    CHECK(attempts[1].number == 2);
    CHECK(attempts[1].sent_at == kStart + 3min);
    CHECK(attempts[1].answered_at == kStart + 4min);
    CHECK(attempts[1].ended_at == kStart + 5min);
    CHECK(attempts[1].prediction == "p2");
    CHECK(attempts[1].cost_usd == 1.5);
}

TEST_CASE("a lost create keeps what came back, and who settled it") {
    const Loss loss{502, "HTTP 502: bad gateway"};
    const auto adopted = fold({intended(1, "r"), event::CreateLost{kShot, loss},
                               event::CreateAdopted{kShot, "p", SettledBy::list}});
    CHECK(adopted[0].outcome == CreateOutcome::adopted);
    CHECK(adopted[0].http_status == 502);
    CHECK(adopted[0].words == "HTTP 502: bad gateway");
    CHECK(adopted[0].settled_by == SettledBy::list);
    CHECK(adopted[0].settled_at == kStart + 2min);
    CHECK(adopted[0].end == PredictionEnd::running);

    const auto held =
        fold({intended(1, "r"), event::CreateLost{kShot, loss}, event::CreateHeld{kShot, "no list"}});
    CHECK(held[0].outcome == CreateOutcome::held);
    CHECK(held[0].held_because == "no list");
    const auto dismissed =
        fold({intended(1, "r"), event::CreateLost{kShot, loss}, event::CreateHeld{kShot, "x"},
              event::CreateDismissed{kShot, SettledBy::person, false, Duration{0}}});
    CHECK(dismissed[0].outcome == CreateOutcome::dismissed);
    CHECK(dismissed[0].settled_by == SettledBy::person);
}

TEST_CASE("a create of which nothing more is known is unanswered, and one that did not leave is told so") {
    CHECK(fold({intended(1, "r")})[0].outcome == CreateOutcome::unanswered);
    const auto not_sent = fold({intended(1, "r"), event::CreateNotSent{kShot, "no route"}});
    CHECK(not_sent[0].outcome == CreateOutcome::not_sent);
    CHECK(not_sent[0].words == "no route");
    const Refusal refusal{RefusalKind::too_fast, 429, {"http_429", "Slow down", ""}, {}};
    const auto refused = fold({intended(1, "r"), event::CreateRefused{kShot, refusal}, intended(1, "s")});
    REQUIRE(refused.size() == 2);
    CHECK(refused[0].outcome == CreateOutcome::refused);
    CHECK(refused[0].words == "Slow down");
    CHECK(fold({}).empty());
}
