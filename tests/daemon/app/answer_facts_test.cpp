#include "daemon/app/answer_facts.h"
#include "tests/jobs/queue/driven_queue.h"
#include "tests/support/sample_journal.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace reeld::test {

namespace {

HttpAnswer replied(int status, std::string body) {
    HttpAnswer answer;
    answer.outcome = HttpAnswer::Outcome::answered;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

HttpAnswer denial() {
    return replied(404, R"({"error":"no such prediction"})");
}

} // namespace

TEST_CASE("an answer that names another create's prediction leaves the create in doubt, and says so") {
    const TempFolder folder;
    Journal journal({.folder = folder.path(), .provider = "p", .vfs = ""});
    const BatchKey batch = accept_sample_batch(journal, "harbor", 2, stamp_at(kStart));
    const ShotRef first{.batch = batch, .index = 0};
    const ShotRef second{.batch = batch, .index = 1};
    const auto answer = replied(200, R"({"status":"success","predictionID":"same"})");
    const auto accepted = create_fact(first, answer, journal);
    CHECK(accepted == Fact{event::CreateAccepted{first, "same", 200}});
    journal.append({stamp_at(kStart), event::CreateIntended{first, 1, "r1", {}}});
    journal.append({stamp_at(kStart), accepted});
    const auto lost = create_fact(second, answer, journal);
    REQUIRE(std::holds_alternative<event::CreateLost>(lost));
    CHECK(std::get<event::CreateLost>(lost).loss.named == "same");
    CHECK(std::get<event::CreateLost>(lost).loss.cause ==
          "the answer names prediction same, which is another create's");
}

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
    const auto pending = facts.read(kShot, replied(200, R"({"status":"processing"})"));
    CHECK(std::holds_alternative<event::PollPending>(pending));
    for (const auto& between : {replied(503, "busy"), HttpAnswer{}, denial()}) {
        for (int i = 1; i < PollFacts::kDenialsMin; ++i)
            CHECK(std::holds_alternative<event::PollFailed>(facts.read(kShot, denial())));
        if (between.status == 404) break;
        CHECK(std::holds_alternative<event::PollFailed>(facts.read(kShot, between)));
    }
    const auto failed = facts.read(kShot, denial());
    REQUIRE(std::holds_alternative<event::PredictionFailed>(failed));
    CHECK(std::get<event::PredictionFailed>(failed).failure.error.code == "prediction_unknown");
    CHECK_FALSE(std::get<event::PredictionFailed>(failed).retry_after);
}

TEST_CASE("an end without a video that is not beyond doubt has to be told again and again") {
    DrivenQueue night;
    night.accept(1, shots(1));
    REQUIRE(night.accepted_creates().size() == 1);
    const std::string own = night.ledger().active().at(kShot).prediction;
    const auto about_ours = [&](const std::string& rest) {
        return replied(200, fmt::format(R"({{"id":"{}",{}}})", own, rest));
    };
    const HttpAnswer no_url = about_ours(R"("status":"success","output":null)");
    const HttpAnswer gateways_own = replied(200, R"({"status":"error","message":"unavailable"})");
    const HttpAnswer nameless_cancel = replied(200, R"({"status":"cancelled"})");
    PollFacts facts(night.ledger());
    for (const auto& doubtful : {no_url, gateways_own, nameless_cancel}) {
        for (int round = 0; round < 2; ++round) {
            for (int i = 1; i < PollFacts::kEndsMin; ++i)
                CHECK(std::holds_alternative<event::PollFailed>(facts.read(kShot, doubtful)));
            // Anything else, and the count begins anew.
            if (round == 0) static_cast<void>(facts.read(kShot, about_ours(R"("status":"processing")")));
        }
        CHECK_FALSE(std::holds_alternative<event::PollFailed>(facts.read(kShot, doubtful)));
    }
    for (const auto* words : {R"("status":"failed")", R"("status":"cancelled")"})
        CHECK_FALSE(std::holds_alternative<event::PollFailed>(facts.read(kShot, about_ours(words))));
}

TEST_CASE("what was rendered and has no URL is not created again, since that would be paid for twice") {
    DrivenQueue night;
    night.accept(1, shots(1));
    REQUIRE(night.accepted_creates().size() == 1);
    const std::string own = night.ledger().active().at(kShot).prediction;
    PollFacts facts(night.ledger());
    Fact fact;
    for (int i = 0; i < PollFacts::kEndsMin; ++i)
        fact = facts.read(kShot, replied(200, fmt::format(R"({{"id":"{}","status":"success"}})", own)));
    REQUIRE(std::holds_alternative<event::PredictionFailed>(fact));
    CHECK(std::get<event::PredictionFailed>(fact).failure.error.code == eachlabs::kNoOutputUrl);
    CHECK_FALSE(std::get<event::PredictionFailed>(fact).retry_after);
}

TEST_CASE("an answer that names another prediction ends nothing until it is told again and again") {
    DrivenQueue night;
    night.accept(1, shots(1));
    REQUIRE(night.accepted_creates().size() == 1);
    PollFacts facts(night.ledger());
    for (const auto* status : {"success", "failed", "cancelled"}) {
        const auto told = [&](const std::string& more) {
            return facts.read(
                kShot,
                replied(200, fmt::format(R"({{{}"id":"x","status":"{}","output":"https://a.test/v.mp4"}})",
                                         more, status)));
        };
        for (int i = 1; i < PollFacts::kEndsMin; ++i)
            CHECK(std::holds_alternative<event::PollFailed>(told("")));
        const auto at_last = told("");
        CHECK_FALSE(std::holds_alternative<event::PollFailed>(at_last));
        if (const auto* failed = std::get_if<event::PredictionFailed>(&at_last))
            CHECK_FALSE(failed->retry_after); // Whoever's it is, nobody pays for it again.
        const std::string own = night.ledger().active().at(kShot).prediction;
        CHECK_FALSE(
            std::holds_alternative<event::PollFailed>(told(fmt::format(R"("predictionID":"{}",)", own))));
    }
}

TEST_CASE("a poll says that the key was refused by 401, or by 403 in the provider's own words") {
    DrivenQueue night;
    night.accept(1, shots(1));
    REQUIRE(night.accepted_creates().size() == 1);
    PollFacts facts(night.ledger());
    const auto refuses = [&](int status, const char* body) {
        return std::get<event::PollFailed>(facts.read(kShot, replied(status, body))).key_rejected;
    };
    for (const int status : {401, 403}) {
        CAPTURE(status);
        CHECK(refuses(status, R"({"status":"error","message":"invalid API key"})"));
        for (const char* page : {"<html><h1>Access denied</h1></html>", "", "[]", "403"})
            CHECK(refuses(status, page) == (status == 401));
    }
    CHECK_FALSE(refuses(404, R"({"error":"no such prediction"})"));
    CHECK_FALSE(refuses(500, R"({"error":"it broke"})"));
}

} // namespace reeld::test
