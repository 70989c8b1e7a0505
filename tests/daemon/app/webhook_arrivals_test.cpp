#include "daemon/app/webhook_arrivals.h"

#include "tests/support/sample_journal.h"
#include "tests/support/temp_folder.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

HttpAnswer shows(const std::string& input, int status = 200) {
    HttpAnswer answer;
    answer.outcome = HttpAnswer::Outcome::answered;
    answer.status = status;
    answer.body = fmt::format(R"({{"status":"processing","input":{}}})", input);
    answer.content_type = "application/json";
    return answer;
}

/// A journal with four shots of which 0, 1 and 2 were created with webhooks "t0", "t1", "t2" whose secrets
/// are "s0", "s1", "s2"; nothing is known of their answers yet.
class Arriving {
public:
    Arriving() : batch_(accept_sample_batch(journal_, "harbor", 4, at())) {
        arrivals.note({at(), event::Started{}});
        apply(event::BatchAccepted{sample_facts(batch_, "harbor", 4)});
        for (std::uint32_t i = 0; i < 3; ++i) intend(i, fmt::format("t{}", i), fmt::format("s{}", i));
    }

    void intend(std::uint32_t index, const std::string& token, const std::string& secret) {
        record(event::CreateIntended{.shot = shot(index),
                                     .attempt = ledger.shot(shot(index)).attempts + 1,
                                     .request_id = "r" + token,
                                     .provider_at = {},
                                     .webhook = token,
                                     .webhook_secret = secret});
    }

    [[nodiscard]] ShotRef shot(std::uint32_t index) const { return {.batch = batch_, .index = index}; }
    [[nodiscard]] std::string input(std::uint32_t index) const {
        return journal_.shot(shot(index)).shot.input;
    }

    void record(Fact fact) {
        if (is_durable(fact)) journal_.append({at(), fact});
        apply(std::move(fact));
    }

    void accepted(std::uint32_t index, const std::string& prediction) {
        record(event::CreateAccepted{.shot = shot(index), .prediction = prediction, .http_status = 200});
    }
    void lost(std::uint32_t index) {
        record(event::CreateLost{.shot = shot(index), .loss = {.http_status = 0, .cause = "reset"}});
    }

    bool call(const std::string& token, const std::string& secret, const std::string& prediction) {
        return arrivals.arrived({.token = token, .secret = secret, .prediction = prediction}, at().at);
    }

    /// How many hints there are now; they are recorded.
    int hints() {
        int count = 0;
        while (auto fact = arrivals.next_fact()) {
            count += std::holds_alternative<event::WebhookArrived>(*fact) ? 1 : 0;
            record(*std::move(fact));
        }
        return count;
    }

    /// The predictions that are to be asked about now, each answered so.
    std::vector<std::string> asked(const HttpAnswer& answer) {
        std::vector<std::string> predictions;
        while (auto question = arrivals.next_question(at().at)) {
            predictions.push_back(question->prediction);
            if (auto fact = arrivals.answered(*question, answer, at().at)) record(*std::move(fact));
        }
        return predictions;
    }

    [[nodiscard]] ShotState state(std::uint32_t index) const { return ledger.shot(shot(index)).state; }
    [[nodiscard]] Stamp at() const { return stamp_at(now_us); }

private:
    void apply(Fact fact) {
        const Event event{at(), std::move(fact)};
        REQUIRE(ledger.why_illegal(event) == "");
        ledger.apply(event);
        arrivals.note(event);
    }

    TempFolder folder_;
    Journal journal_{{.folder = folder_.path(), .provider = "test"}};

public:
    std::int64_t now_us = 0;
    Ledger ledger{Ledger::Rules{}};
    WebhookArrivals arrivals{journal_, ledger};

private:
    BatchKey batch_;
};

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("the webhook of a prediction that renders makes it be polled") {
    Arriving it;
    it.accepted(0, "p0");
    CHECK(it.call("t0", "s0", "p0"));
    CHECK(it.hints() == 1);
}

TEST_CASE("webhooks with a wrong token, secret or prediction are nobody's and change nothing") {
    Arriving it;
    it.accepted(0, "p0");
    it.accepted(1, "p1");
    CHECK_FALSE(it.call("t9", "s0", "p0"));
    CHECK_FALSE(it.call("", "s0", "p0"));
    CHECK_FALSE(it.call("t0", "s1", "p0"));
    CHECK_FALSE(it.call("t0", "", "p0"));
    CHECK_FALSE(it.call("t0", "s0 ", "p0"));
    CHECK_FALSE(it.call("t0", "s0", "p1"));
    CHECK_FALSE(it.call("t0", "s0", ""));
    CHECK_FALSE(it.call("t1", "s0", "p1"));
    CHECK(it.hints() == 0);
    CHECK(it.arrivals.wake_at() == Instant::max());
}

TEST_CASE("a webhook that is replayed a thousand times causes a handful of polls") {
    Arriving it;
    it.accepted(0, "p0");
    int hints = 0;
    for (int i = 0; i < 1'000; ++i) {
        CHECK(it.call("t0", "s0", "p0"));
        hints += it.hints();
    }
    CHECK(hints == WebhookArrivals::kHintsMax);
}

TEST_CASE("a webhook that comes before its create's answer counts when that comes") {
    Arriving it;
    CHECK(it.call("t0", "s0", "p0"));
    CHECK(it.call("t0", "s0", "p0"));
    CHECK(it.hints() == 0);
    it.accepted(0, "p0");
    CHECK(it.hints() == 1);
}

TEST_CASE("a webhook that came early and named another prediction than the answer changes nothing") {
    Arriving it;
    CHECK(it.call("t0", "s0", "another"));
    it.accepted(0, "p0");
    CHECK(it.hints() == 0);
    CHECK(it.asked(shows(it.input(0))).empty());
    CHECK(it.call("t0", "s0", "p0"));
    CHECK(it.hints() == 1);
}

TEST_CASE("a webhook settles a doubt when the provider shows the shot's input for its prediction") {
    for (const bool early : {true, false}) {
        Arriving it;
        if (early) CHECK(it.call("t0", "s0", "p0"));
        it.lost(0);
        if (!early) CHECK(it.call("t0", "s0", "p0"));
        CHECK(it.asked(shows(it.input(0))) == Names{"p0"});
        CHECK(it.state(0) == ShotState::rendering);
        CHECK(it.ledger.active().at(it.shot(0)).prediction == "p0");
        CHECK(it.hints() == 1);
    }
}

TEST_CASE("a webhook settles the doubt of a held shot too") {
    Arriving it;
    it.lost(0);
    it.record(event::CreateHeld{.shot = it.shot(0), .reason = "no list"});
    CHECK(it.call("t0", "s0", "p0"));
    CHECK(it.asked(shows(it.input(0))) == Names{"p0"});
    CHECK(it.state(0) == ShotState::rendering);
}

TEST_CASE("a webhook alone settles no doubt") {
    SUBCASE("with another input") {
        Arriving it;
        it.lost(0);
        CHECK(it.call("t0", "s0", "p0"));
        CHECK(it.asked(shows(R"({"prompt":"another program's"})")) == Names{"p0"});
        CHECK(it.state(0) == ShotState::in_doubt);
        CHECK(it.arrivals.wake_at() == Instant::max());
        CHECK(it.call("t0", "s0", "p9"));
        it.now_us += std::chrono::microseconds{WebhookArrivals::kQuestions.base}.count();
        CHECK(it.asked(shows(it.input(0))) == Names{"p9"});
        CHECK(it.state(0) == ShotState::rendering);
    }
    SUBCASE("with a prediction that is another shot's") {
        Arriving it;
        it.accepted(1, "p1");
        it.lost(0);
        CHECK(it.call("t0", "s0", "p1"));
        static_cast<void>(it.asked(shows(it.input(0))));
        CHECK(it.state(0) == ShotState::in_doubt);
    }
    SUBCASE("with a prediction that was another shot's long ago") {
        Arriving it;
        it.accepted(1, "p1");
        it.record(event::PredictionSucceeded{.shot = it.shot(1), .rendered = {.urls = {"https://x/y"}}});
        it.lost(0);
        CHECK(it.call("t0", "s0", "p1"));
        static_cast<void>(it.asked(shows(it.input(0))));
        CHECK(it.state(0) == ShotState::in_doubt);
    }
    SUBCASE("with one that the list gave to somebody meanwhile") {
        Arriving it;
        it.lost(0);
        it.lost(1);
        CHECK(it.call("t0", "s0", "p0"));
        const auto question = it.arrivals.next_question(it.at().at);
        REQUIRE(question);
        it.record(event::CreateAdopted{.shot = it.shot(1), .prediction = "p0", .by = SettledBy::list});
        CHECK_FALSE(it.arrivals.answered(*question, shows(it.input(0)), it.at().at));
    }
}

TEST_CASE("what calls a create's own webhook before it is known is recorded at once, and once") {
    for (const int state : {0, 1, 2}) { // Creating, in doubt, held.
        Arriving it;
        if (state > 0) it.lost(0);
        if (state == 2) it.record(event::CreateHeld{.shot = it.shot(0), .reason = "no list"});
        CHECK(it.call("t0", "s0", "p0"));
        CHECK(it.call("t0", "s0", "p0"));
        CHECK(it.arrivals.next_fact() == Fact{event::CreateCalled{it.shot(0), "p0"}});
        CHECK_FALSE(it.arrivals.next_fact());
        it.record(event::CreateCalled{it.shot(0), "p0"});
        CHECK(it.ledger.active().at(it.shot(0)).called == "p0");
    }
}

TEST_CASE("a call without the secret, or for another create's prediction, is recorded of none") {
    Arriving it;
    it.accepted(1, "p1");
    it.lost(0);
    CHECK_FALSE(it.call("t0", "s1", "p0"));
    CHECK(it.call("t0", "s0", "p1"));
    CHECK_FALSE(it.arrivals.next_fact());
}

TEST_CASE("two shots with equal inputs in doubt get each its own prediction") {
    Arriving it;
    it.lost(0);
    it.lost(2); // Whatever its input is: the provider shows for each what was sent for it.
    CHECK(it.call("t2", "s2", "p2"));
    CHECK(it.asked(shows(it.input(2))) == Names{"p2"});
    CHECK(it.call("t0", "s0", "p0"));
    CHECK(it.asked(shows(it.input(0))) == Names{"p0"});
    CHECK(it.ledger.active().at(it.shot(0)).prediction == "p0");
    CHECK(it.ledger.active().at(it.shot(2)).prediction == "p2");
}

TEST_CASE("a prediction whose input cannot be had is asked for again and again, ever more rarely") {
    Arriving it;
    it.lost(0);
    CHECK(it.call("t0", "s0", "p0"));
    std::vector<Duration> waits;
    for (int i = 0; i < 12; ++i) {
        CHECK(it.asked(shows("null", 503)) == Names{"p0"});
        const Duration wait = it.arrivals.wake_at() - it.at().at;
        waits.push_back(wait);
        it.now_us += wait.count();
    }
    constexpr Backoff kWaits = WebhookArrivals::kQuestions;
    CHECK(waits.front() <= kWaits.base);
    CHECK(waits.at(1) > waits.front());
    CHECK(std::is_sorted(waits.begin(), waits.end()));
    CHECK(waits.back() >= kWaits.max / 2);
    CHECK(waits.back() <= kWaits.max);
    CHECK(it.asked(shows(it.input(0))) == Names{"p0"});
    CHECK(it.state(0) == ShotState::rendering);
}

TEST_CASE("whatever a create's webhook names, the provider is not asked more often for it") {
    Arriving it;
    it.lost(0);
    int asked = 0;
    for (int i = 0; i < 100; ++i) {
        static_cast<void>(it.call("t0", "s0", fmt::format("p{}", i)));
        asked += static_cast<int>(it.asked(shows(R"({"prompt":"another program's"})")).size());
    }
    CHECK(asked == 1);
}

TEST_CASE(
    "what called a create without an answer is asked about after a restart, though nobody calls again") {
    for (const char* state : {"creating", "in doubt", "held"}) {
        CAPTURE(state);
        Arriving it;
        const bool creating = state == std::string{"creating"};
        if (!creating) it.lost(0);
        it.record(event::CreateCalled{it.shot(0), "p0"});
        if (state == std::string{"held"})
            it.record(event::CreateHeld{.shot = it.shot(0), .reason = "no list"});
        it.arrivals.note({it.at(), event::Started{}});
        if (creating) it.lost(0); // As the start records it.
        CHECK(it.asked(shows(it.input(0))) == Names{"p0"});
        CHECK(it.state(0) == ShotState::rendering);
    }
}

TEST_CASE("a webhook that comes after the end, or of an attempt that is over, is nobody's") {
    Arriving it;
    it.accepted(0, "p0");
    it.record(event::PredictionSucceeded{.shot = it.shot(0), .rendered = {.urls = {"https://x/y"}}});
    CHECK_FALSE(it.call("t0", "s0", "p0"));
    it.record(event::CreateNotSent{.shot = it.shot(1), .cause = "no network"});
    CHECK_FALSE(it.call("t1", "s1", "p1"));
    it.intend(1, "t1b", "s1b");
    CHECK_FALSE(it.call("t1", "s1", "p1"));
    it.accepted(1, "p1");
    CHECK(it.call("t1b", "s1b", "p1"));
    CHECK(it.hints() == 1);
}

TEST_CASE("the webhook of a cancelled shot makes its prediction be polled, and no more") {
    Arriving it;
    it.accepted(0, "p0");
    it.record(event::CancelAsked{it.shot(0)});
    CHECK(it.call("t0", "s0", "p0"));
    CHECK(it.hints() == 1);
    it.record(event::PredictionCancelled{it.shot(0)});
    CHECK_FALSE(it.call("t0", "s0", "p0"));
    it.record(event::CancelAsked{it.shot(3)});
    CHECK(it.hints() == 0);
}

TEST_CASE("after a start, webhooks of live creates find their shots again, and no others do") {
    Arriving it;
    it.accepted(0, "p0");
    it.accepted(1, "p1");
    it.record(event::PredictionSucceeded{.shot = it.shot(1), .rendered = {.urls = {"https://x/y"}}});
    it.arrivals.note({it.at(), event::Started{}});
    it.lost(2);
    CHECK(it.call("t0", "s0", "p0"));
    CHECK_FALSE(it.call("t1", "s1", "p1"));
    CHECK(it.call("t2", "s2", "p2"));
    CHECK(it.hints() == 1);
    CHECK(it.asked(shows(it.input(2))) == Names{"p2"});
    CHECK(it.state(2) == ShotState::rendering);
}

} // namespace reeld::test
