#include "daemon/metrics/probe_server.h"

#include "tests/daemon/cli/served_night.h"
#include "tests/daemon/metrics/scraped.h"
#include "tests/support/fetch.h"

#include <csignal>
#include <doctest/doctest.h>

namespace reeld::test {

TEST_CASE("a daemon is called by its address, by localhost and by its configured names, and by no other") {
    const Config::HttpPort config{.listen = ListenAddress{.address = "10.0.0.7", .port = 8787},
                                  .hosts = {"Reeld.test"}};
    for (const char* host : {"10.0.0.7:8787", "10.0.0.7", "localhost:8787", "127.0.0.1", "[::1]:8787",
                             "[::1]", "reeld.test", "REELD.TEST:80"}) {
        CAPTURE(host);
        CHECK(is_called(host, config));
    }
    for (const char* host : {"", "evil.test", "reeld.test.evil.test", "10.0.0.70:8787", ":8787", "[::2]"}) {
        CAPTURE(host);
        CHECK_FALSE(is_called(host, config));
    }
    CHECK(is_called("[fe80::1]:8787",
                    {.listen = ListenAddress{.address = "fe80::1", .port = 8787}, .hosts = {}}));
}

TEST_CASE("Prometheus finds the night's figures at http.listen, and nothing else is there") {
    ServedNight night;
    const std::string url = night.listen_for_browsers();
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(3));
    REQUIRE(daemon.wait_for("harbor finished: 3 of 3 succeeded"));
    Loop loop;
    Http http(loop, {});
    const auto get = [&](const std::string& path, std::vector<std::string> headers = {}) {
        return fetch(loop, http, {.url = url + path, .headers = std::move(headers)});
    };
    const auto metrics = get("/metrics");
    CHECK(metrics.status == 200);
    const auto series = scrape(metrics.body).series;
    CHECK(series.at(R"(reeld_creates_total{result="accepted"})") == 3);
    CHECK(series.at(R"(reeld_shots_ended_total{state="succeeded"})") == 3);
    CHECK(series.at("reeld_journal_commit_duration_seconds_count") > 0);
    CHECK(series.at("reeld_create_wait_seconds_count") == 3);
    CHECK(series.at("reeld_loop_turn_duration_seconds_count") > 3);
    CHECK(get("/healthz").body == "ok\n");
    CHECK(get("/readyz").status == 200);
    CHECK(get("/").status == 404);
    CHECK(get("/metrics", {"Host: evil.test"}).status == 421);
    CHECK(get("/metrics", {"Host: reeld.test"}).status == 200);
    daemon.send(SIGTERM);
    CHECK(daemon.wait().exit_code == 0);
}

} // namespace reeld::test
