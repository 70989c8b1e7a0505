#include "daemon/app/answer_facts.h"
#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

HttpAnswer answered(int status, std::string body) {
    HttpAnswer answer;
    answer.outcome = HttpAnswer::Outcome::answered;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

HttpAnswer denial() {
    return answered(404, R"({"error":"no such prediction"})");
}

} // namespace

TEST_CASE("a prediction that the provider denies now and then, even when it is overdue, is asked for again") {
    DrivenQueue night;
    night.accept(1, shots(1));
    REQUIRE(night.accepted_creates().size() == 1);
    PollFacts facts(night.ledger());
    for (int i = 0; i < 3 * PollFacts::kDenialsMin; ++i)
        CHECK(std::holds_alternative<event::PollFailed>(facts.read(kShot, denial())));
    night.record(event::PredictionOverdue{kShot});
    for (int i = 1; i < PollFacts::kDenialsMin; ++i)
        CHECK(std::holds_alternative<event::PollFailed>(facts.read(kShot, denial())));
    const auto pending = facts.read(kShot, answered(200, R"({"status":"processing"})"));
    CHECK(std::holds_alternative<event::PollPending>(pending));
    for (int i = 1; i < PollFacts::kDenialsMin; ++i)
        CHECK(std::holds_alternative<event::PollFailed>(facts.read(kShot, denial())));
    const auto failed = facts.read(kShot, denial());
    REQUIRE(std::holds_alternative<event::PredictionFailed>(failed));
    CHECK(std::get<event::PredictionFailed>(failed).failure.error.code == "prediction_unknown");
    CHECK_FALSE(std::get<event::PredictionFailed>(failed).retry_after);
}

} // namespace reeld::test
