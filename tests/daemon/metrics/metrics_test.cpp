#include "daemon/metrics/metrics.h"

#include "tests/daemon/metrics/scraped.h"
#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>

namespace reeld::test {

namespace {

Ledger::Rules rules(int creates = 100, int slots = 10) {
    return {.creates = {.capacity = creates, .window = 60s},
            .slots = slots,
            .attempts = 3,
            .backoff = {},
            .give_up = 1h,
            .typical = {}};
}

/// A ledger and the metrics that are told of its events.
class Counted {
public:
    explicit Counted(const Ledger::Rules& with = rules()) : ledger(with) { tell(event::Started{}); }

    void tell(Fact fact) {
        const Event event{.stamp = stamp_at(now), .fact = std::move(fact)};
        REQUIRE(ledger.why_illegal(event) == "");
        ledger.apply(event);
        metrics.happened(event, ledger);
    }
    void accept(BatchKey key, std::size_t count, const std::string& model = "kling") {
        tell(event::BatchAccepted{
            .batch = {
                .key = key, .name = fmt::format("batch-{}", key), .models = {model}, .shots = shots(count)}});
    }
    void create(ShotRef shot) {
        tell(event::CreateIntended{
            .shot = shot, .attempt = ledger.shot(shot).attempts + 1, .request_id = "r", .provider_at = {}});
    }
    void accepted(ShotRef shot) {
        create(shot);
        tell(event::CreateAccepted{.shot = shot, .prediction = "p", .http_status = 200});
    }
    void lost(ShotRef shot) {
        create(shot);
        tell(event::CreateLost{.shot = shot, .loss = {.http_status = 502, .cause = "bad gateway"}});
    }
    void succeeded(ShotRef shot, std::optional<double> cost_usd = std::nullopt) {
        tell(event::PredictionSucceeded{
            .shot = shot,
            .rendered = {.urls = {"https://cdn.test/a.mp4"}, .predict_time_s = {}, .cost_usd = cost_usd}});
    }

    [[nodiscard]] std::string text() { return metrics.text(ledger, limiter, 2, now); }
    [[nodiscard]] Scraped scraped() { return scrape(text()); }
    [[nodiscard]] double value(const std::string& series) {
        const auto all = scraped().series;
        CAPTURE(series);
        REQUIRE(all.contains(series));
        return all.at(series);
    }

    Instant now = kStart;
    Ledger ledger;
    LimiterWatch limiter;
    Metrics metrics{{.version = "1.2.3", .started_at = stamp_at(kStart).wall}};
};

} // namespace

TEST_CASE("before anything has happened every series that is known beforehand is there at zero") {
    Counted it;
    const auto series = it.scraped().series;
    for (const char* name :
         {R"(reeld_creates_total{result="accepted"})", R"(reeld_polls_total{result="ended"})",
          R"(reeld_suspended{reason="no_balance"})", R"(reeld_shots{batch_state="running",state="held"})",
          R"(reeld_batches{state="waiting"})", "reeld_doubts_total", "reeld_limiter_idle_seconds_total",
          R"(reeld_batch_end_commands_total{result="failed"})", "reeld_journal_commit_duration_seconds_count",
          R"(reeld_doubts_ended_total{by="person",outcome="adopted"})", "reeld_journal_stalled"}) {
        CAPTURE(name);
        REQUIRE(series.contains(name));
        CHECK(series.at(name) == 0);
    }
    CHECK(it.value(R"(reeld_build_info{version="1.2.3"})") == 1);
    CHECK(it.value("reeld_slots") == 10);
    CHECK(it.value("reeld_tokens") == 100);
}

TEST_CASE("every metric has a help and a type, and a name by Prometheus' conventions") {
    Counted it;
    it.accept(1, 1);
    it.accepted({1, 0});
    it.succeeded({1, 0}, 0.5);
    const auto scraped = it.scraped();
    for (const auto& one : scraped.types) {
        const auto& name = one.first;
        const auto& type = one.second;
        CAPTURE(name);
        CHECK(scraped.helps.contains(name));
        CHECK_FALSE(scraped.helps.at(name).empty());
        CHECK(name.ends_with("_total") == (type == "counter"));
        if (type == "histogram") CHECK(name.ends_with("_seconds"));
        CHECK((name.starts_with("reeld_") || name == "process_start_time_seconds"));
        CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos);
    }
}

TEST_CASE("creates are counted by what became of them") {
    Counted it;
    it.accept(1, 5);
    it.accepted({1, 0});
    it.lost({1, 1});
    it.create({1, 2});
    it.tell(event::CreateNotSent{.shot = {1, 2}, .cause = "no route"});
    it.create({1, 3});
    it.tell(event::CreateRefused{.shot = {1, 3}, .refusal = refusal(RefusalKind::no_balance)});
    it.create({1, 4});
    it.tell(event::CreateRefused{.shot = {1, 4}, .refusal = refusal(RefusalKind::invalid_input)});
    for (const char* result : {"accepted", "lost", "not_sent", "no_balance", "invalid_input"}) {
        CAPTURE(result);
        CHECK(it.value(fmt::format("reeld_creates_total{{result=\"{}\"}}", result)) == 1);
    }
    CHECK(it.value(R"(reeld_creates_total{result="too_fast"})") == 0);
    CHECK(it.value(R"(reeld_shots_ended_total{state="failed"})") == 1);
    CHECK(it.value(R"(reeld_suspended{reason="no_balance"})") == 1);
    CHECK(it.value(R"(reeld_suspended{reason="key_rejected"})") == 0);
    it.now += 24h;
    CHECK(it.value(R"(reeld_suspended{reason="no_balance"})") == 0);
}

TEST_CASE("predictions are counted and timed by model and end, and cost what the provider says") {
    Counted it;
    it.accept(1, 3);
    for (std::uint32_t shot = 0; shot < 3; ++shot) it.accepted({1, shot});
    it.now += 100s;
    it.tell(event::PollPending{.shot = {1, 0}, .status = "processing"});
    it.tell(event::PollFailed{.shot = {1, 0}, .http_status = 502, .cause = "x", .retry_after = {}});
    it.succeeded({1, 0}, 1.12);
    it.tell(event::PredictionFailed{.shot = {1, 1}, .failure = failure("provider_error"), .retry_after = 2s});
    it.succeeded({1, 2}, -7);
    CHECK(it.value(R"(reeld_predictions_total{end="succeeded",model="kling"})") == 2);
    CHECK(it.value(R"(reeld_predictions_total{end="failed",model="kling"})") == 1);
    CHECK(it.value(R"(reeld_prediction_duration_seconds_sum{end="succeeded",model="kling"})") == 200);
    CHECK(it.value(R"(reeld_prediction_duration_seconds_bucket{end="failed",model="kling",le="90"})") == 0);
    CHECK(it.value(R"(reeld_prediction_duration_seconds_bucket{end="failed",model="kling",le="120"})") == 1);
    CHECK(it.value(R"(reeld_cost_dollars_total{model="kling"})") == doctest::Approx(1.12));
    for (const auto& one : {std::pair{"pending", 1}, std::pair{"failed", 1}, std::pair{"ended", 3}}) {
        CAPTURE(one.first);
        CHECK(it.value(fmt::format("reeld_polls_total{{result=\"{}\"}}", one.first)) == one.second);
    }
}

TEST_CASE("an adopted prediction is counted, and not timed, since nobody saw its beginning") {
    Counted it;
    it.accept(1, 1);
    it.lost({1, 0});
    it.now += 10s;
    it.tell(event::CreateAdopted{.shot = {1, 0}, .prediction = "p", .by = SettledBy::list});
    it.now += 10s;
    it.succeeded({1, 0});
    CHECK(it.value(R"(reeld_predictions_total{end="succeeded",model="kling"})") == 1);
    CHECK(it.value(R"(reeld_prediction_duration_seconds_count{end="succeeded",model="kling"})") == 0);
    CHECK(it.value("reeld_doubts_total") == 1);
    CHECK(it.value(R"(reeld_doubts_ended_total{by="list",outcome="adopted"})") == 1);
}

TEST_CASE("doubts are counted by how they ended, and by whom") {
    Counted it;
    it.accept(1, 3);
    for (std::uint32_t shot = 0; shot < 3; ++shot) it.lost({1, shot});
    it.tell(it.ledger.dismissal({1, 0}, SettledBy::rule, true));
    it.tell(event::CreateHeld{.shot = {1, 1}, .reason = "no list"});
    it.tell(event::CreateHeld{.shot = {1, 2}, .reason = "no list"});
    CHECK(it.value(R"(reeld_shots{batch_state="waiting",state="held"})") == 2);
    it.tell(it.ledger.dismissal({1, 1}, SettledBy::person, false));
    it.tell(event::CancelAsked{.shot = {1, 2}});
    CHECK(it.value("reeld_doubts_total") == 3);
    CHECK(it.value("reeld_doubts_held_total") == 2);
    CHECK(it.value(R"(reeld_doubts_ended_total{by="rule",outcome="dismissed"})") == 1);
    CHECK(it.value(R"(reeld_doubts_ended_total{by="person",outcome="dismissed"})") == 1);
    CHECK(it.value(R"(reeld_doubts_ended_total{by="person",outcome="abandoned"})") == 1);
    CHECK(it.value(R"(reeld_shots{batch_state="waiting",state="held"})") == 0);
}

TEST_CASE("a thousand models are twenty and the others") {
    Counted it;
    for (BatchKey batch = 1; batch <= 1000; ++batch) {
        it.accept(batch, 1, fmt::format("model-{}", batch));
        it.accepted({batch, 0});
        it.succeeded({batch, 0}, 1);
    }
    std::set<std::string> models;
    for (const auto& [series, value] : it.scraped().series)
        if (name_of(series) == "reeld_cost_dollars_total") models.insert(series);
    CHECK(models.size() == Metrics::models_max + 1);
    CHECK(it.value(R"(reeld_cost_dollars_total{model="model-1"})") == 1);
    CHECK(it.value(R"(reeld_cost_dollars_total{model="other"})") == 980);
}

TEST_CASE("a model's name can say nothing that is not a label") {
    Counted it;
    it.accept(1, 1, "a\"} 1\nreeld_forged 1\\");
    it.accepted({1, 0});
    it.succeeded({1, 0}, 1);
    const auto scraped = it.scraped();
    CHECK_FALSE(scraped.series.contains("reeld_forged"));
    CHECK(scraped.series.contains(R"(reeld_cost_dollars_total{model="a\"} 1\nreeld_forged 1\\"})"));
}

TEST_CASE("slots and tokens are told as they are at the scrape") {
    Counted it(rules(5, 3));
    it.accept(1, 5);
    it.accepted({1, 0});
    it.create({1, 1});
    CHECK(it.value("reeld_slots_in_use") == 2);
    CHECK(it.value("reeld_tokens_in_use") == 2);
    it.now += 60s; // The window of the one that was answered.
    CHECK(it.value("reeld_tokens_in_use") == 1);
    CHECK(it.value("reeld_slots_in_use") == 2);
    CHECK(it.value("reeld_slots_allowed") == 3);
    it.tell(event::Paused{});
    CHECK(it.value("reeld_paused") == 1);
    it.tell(event::Resumed{});
    CHECK(it.value("reeld_paused") == 0);
}

TEST_CASE("what the loop, the journal and the limiter measure is told in seconds") {
    Counted it;
    it.metrics.loop_turned(3ms);
    it.metrics.journal_committed(20ms);
    it.metrics.create_decided(200us);
    it.metrics.journal_stalled(true);
    it.metrics.storyboard_refused();
    it.metrics.command_ended(CommandEnd::timed_out);
    static_cast<void>(it.limiter.changed(it.now, it.now, false));
    it.now += 3s;
    CHECK(it.value("reeld_loop_turn_duration_seconds_sum") == doctest::Approx(0.003));
    CHECK(it.value(R"(reeld_journal_commit_duration_seconds_bucket{le="0.01"})") == 0);
    CHECK(it.value(R"(reeld_journal_commit_duration_seconds_bucket{le="0.025"})") == 1);
    CHECK(it.value("reeld_create_wait_seconds_count") == 1);
    CHECK(it.value("reeld_limiter_idle_seconds_total") == 3);
    CHECK(it.value("reeld_limiter_idle_seconds_total") == 3); // Not twice.
    CHECK(it.value("reeld_journal_stalled") == 1);
    CHECK(it.value("reeld_storyboards_refused_total") == 1);
    CHECK(it.value(R"(reeld_batch_end_commands_total{result="timed_out"})") == 1);
}

TEST_CASE("a scrape is as long with a hundred thousand shots as with one, and names none of them") {
    Counted few;
    few.accept(1, 1);
    Counted many;
    many.accept(1, 100'000);
    CHECK(many.scraped().series.size() == few.scraped().series.size());
    CHECK(many.value(R"(reeld_shots{batch_state="waiting",state="queued"})") == 100'000);
    CHECK(many.text().find("batch-1") == std::string::npos);
}

} // namespace reeld::test
