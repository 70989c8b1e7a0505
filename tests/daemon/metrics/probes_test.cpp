#include "daemon/metrics/probes.h"

#include "tests/daemon/app/running_app.h"
#include "tests/daemon/metrics/scraped.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

/// A running night and its metrics, told as the daemon tells them.
class ProbedNight {
public:
    ProbedNight() {
        metrics.happened({.stamp = night.loop.now(), .fact = event::Started{}}, night.app.queue().ledger());
        night.on_event = [this](const Event& event) {
            metrics.happened(event, night.app.queue().ledger());
        };
    }
    std::optional<http::Reply> ask(std::string_view method, std::string_view path) {
        return answer_probe(
            method, path,
            {.metrics = metrics, .app = night.app, .now = night.loop.now().at, .readiness = readiness});
    }

    RunningApp night{2};
    Metrics metrics{{.version = "1", .started_at = {}}};
    Readiness readiness{.replayed = true, .stalled = false, .watching = true, .stopping = false};
};

} // namespace

TEST_CASE("a night that was rendered is told by its metrics, to the last shot") {
    ProbedNight it;
    it.night.accept("harbor", 5);
    it.night.turn_until([&] { return it.night.count<event::ManifestWritten>() == 1; });
    const auto reply = it.ask("GET", "/metrics");
    REQUIRE(reply);
    CHECK(reply->status == 200);
    CHECK(reply->content_type == "text/plain; version=0.0.4; charset=utf-8");
    const auto series = scrape(reply->body).series;
    CHECK(series.at(R"(reeld_creates_total{result="accepted"})") == 5);
    CHECK(series.at(R"(reeld_shots_ended_total{state="succeeded"})") == 5);
    CHECK(series.at(R"(reeld_batches_finished_total{status="succeeded"})") == 1);
    CHECK(series.at(R"(reeld_batches{state="running"})") == 0);
    CHECK(series.at("reeld_slots_in_use") == 0);
    CHECK(series.at("reeld_oldest_batch_accepted_timestamp_seconds") == 0);
}

TEST_CASE("healthz says that the loop turns, and readyz what is missing") {
    ProbedNight it;
    CHECK(it.ask("GET", "/healthz")->status == 200);
    CHECK(it.ask("GET", "/readyz")->body == "ready\n");
    it.readiness.stalled = true;
    it.readiness.watching = false;
    const auto reply = it.ask("GET", "/readyz");
    CHECK(reply->status == 503);
    CHECK(reply->body == "the journal cannot be written\nthe watch folder cannot be read\n");
    CHECK(it.ask("GET", "/healthz")->status == 200);
    it.readiness = {};
    CHECK(it.ask("GET", "/readyz")->status == 503);
}

TEST_CASE("probes are asked with GET and HEAD, and other paths are somebody else's") {
    ProbedNight it;
    CHECK(it.ask("HEAD", "/metrics")->status == 200);
    for (const char* path : {"/metrics", "/healthz", "/readyz"}) {
        CAPTURE(path);
        CHECK(it.ask("POST", path)->status == 405);
    }
    for (const char* path : {"/", "/metrics/", "/v1/status", "/healthz2"}) {
        CAPTURE(path);
        CHECK_FALSE(it.ask("GET", path));
    }
}

} // namespace reeld::test
