// `reeld dashboard` as a person uses it, with the daemon's whole way from the control socket to the port.

#include "tests/daemon/cli/steered_night.h"
#include "tests/daemon/metrics/scraped.h"
#include "tests/support/fetch.h"

namespace reeld::test {

namespace {

/// A browser of few words.
struct Visitor {
    Loop loop;
    Http http{loop, {}};

    HttpAnswer get(const std::string& url, std::vector<std::string> headers = {}) {
        return fetch(loop, http, {.url = url, .headers = std::move(headers)});
    }
    HttpAnswer post(const std::string& url) {
        return fetch(loop, http, {.method = "POST", .url = url, .headers = {"X-Reeld-Action: 1"}});
    }
};

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

} // namespace

TEST_CASE("the dashboard's address opens the page once, and the log does not know it") {
    SteeredNight night;
    const std::string url = night.listen_for_browsers();
    night.start();
    const auto end = night.operate({"dashboard"});
    CHECK(end.exit_code == 0);
    const std::string address = first_line(end.out);
    REQUIRE(address.starts_with(url + "/session?token="));
    const std::string token = address.substr(address.find('=') + 1);
    CHECK(token.size() == 32);
    CHECK(end.err == "It opens the page once, within a minute; whoever opens it may act.\n");
    Visitor visitor;
    CHECK(visitor.get(address).status == 303);
    CHECK(visitor.get(address).status == 403);
    REQUIRE(night.daemon().wait_for("a browser may act now"));
    CHECK(night.ask({"dashboard"})["url"].GetString() != address);
    night.stop();
    CHECK(night.daemon().said().find(token) == std::string::npos);
}

TEST_CASE("an address does not outlive its daemon") {
    SteeredNight night;
    night.listen_for_browsers();
    night.start();
    const std::string address = night.ask({"dashboard"})["url"].GetString();
    night.stop();
    night.start();
    CHECK(Visitor().get(address).status == 403);
}

TEST_CASE("without a daemon, without a port and without the port's address there is no dashboard") {
    SteeredNight night;
    const auto nobody = night.operate({"dashboard"});
    CHECK(nobody.exit_code == 4);
    CHECK(nobody.err.find("start one with 'reeld serve'") != std::string::npos);
    night.start();
    const auto no_port = night.operate({"dashboard"});
    CHECK(no_port.exit_code == 2);
    CHECK(no_port.out.empty());
    CHECK(no_port.err.find("http: { listen: 127.0.0.1:8787 }") != std::string::npos);
    SteeredNight other;
    night.stop();
    night.listen_for_browsers();
    night.start();
    // The address that a daemon listens at already.
    const std::string taken = first_line(night.operate({"dashboard", "--quiet"}).out);
    other.configure("http", "{ listen: \"" + taken.substr(7, taken.find('/', 7) - 7) + "\" }");
    other.start();
    const auto no_address = other.operate({"dashboard"});
    CHECK(no_address.exit_code == 4);
    CHECK(no_address.err.find("could not listen at 127.0.0.1:") != std::string::npos);
}

TEST_CASE("Prometheus finds the night's figures at http.listen, and strangers find nothing to change") {
    ServedNight night;
    const std::string url = night.listen_for_browsers();
    Program daemon(night.serve());
    night.drop("harbor.yaml", Night::storyboard(3));
    REQUIRE(daemon.wait_for("harbor finished: 3 of 3 succeeded"));
    Visitor visitor;
    const auto get = [&](const std::string& path, std::vector<std::string> headers = {}) {
        return visitor.get(url + path, std::move(headers));
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
    CHECK(get("/").status == 200);
    CHECK(get("/nothing").status == 404);
    CHECK(get("/metrics", {"Host: evil.test"}).status == 421);
    CHECK(get("/metrics", {"Host: reeld.test"}).status == 200);
    CHECK(get("/v1/status", {"Host: reeld.test"}).status == 403);
    CHECK(get("/v1/batches/harbor").body.find("\"index\":0,\"state\":\"succeeded\"") != std::string::npos);
    CHECK(visitor.post(url + "/v1/pause").status == 403);
    CHECK(visitor.post(url + "/v1/sessions").status == 403);
    CHECK(stop(daemon).exit_code == 0);
}

} // namespace reeld::test
