#include "daemon/journal/journal.h"
#include "tests/daemon/cli/served_night.h"
#include "tests/support/sample_journal.h"

#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <set>

namespace reeld::test {

namespace {

/// A night with webhooks whose polls are so rare that it only ends soon when the webhooks come.
class WebhookNight : public Night {
public:
    explicit WebhookNight(std::vector<std::string> options = {}) : Night(more(std::move(options))) {
        listen_for_webhooks();
        configure("polling", "{ first: 10m, min: 10m, max: 10m }");
    }

    ProgramEnd run(int shots) { return run_program(reeld({"run", write("harbor.yaml", storyboard(shots))})); }

private:
    static std::vector<std::string> more(std::vector<std::string> options) {
        options.insert(options.begin(), {"--time", "60ms", "--speed", "1"});
        return options;
    }
};

std::vector<event::CreateIntended> intents(const Night& night, const std::string& provider) {
    const Journal journal{{.folder = night.folder() / "state", .provider = provider}};
    std::vector<event::CreateIntended> found;
    for (const Event& event : replayed(journal)) {
        if (const auto* intent = std::get_if<event::CreateIntended>(&event.fact)) found.push_back(*intent);
    }
    return found;
}

} // namespace

TEST_CASE("with webhooks, a night ends by them alone, with one poll a prediction") {
    WebhookNight night;
    const auto end = night.run(25);
    CHECK(end.exit_code == 0);
    CAPTURE(end.err);
    const auto report = night.sandbox().report();
    CHECK(report["creates_accepted"].GetInt() == 25);
    CHECK(report["webhooks_accepted"].GetInt() == 25);
    CHECK(report["polls"].GetInt() == 25);
}

TEST_CASE("webhooks that come twice, out of order, forged or early change nothing but when a poll comes") {
    for (const char* how : {"webhook-doubled", "webhook-reordered", "webhook-forged", "webhook-early"}) {
        CAPTURE(how);
        WebhookNight night{{"--misbehave", fmt::format("{}=1", how)}};
        const auto end = night.run(12);
        CAPTURE(end.err);
        CHECK(end.exit_code == 0);
        const auto report = night.sandbox().report();
        CHECK(report["misbehaved"][how].GetInt() == 12);
        CHECK(report["creates_accepted"].GetInt() == 12);
        CHECK(report["forgeries_accepted"].GetInt() == 0);
        CHECK(report["polls"].GetInt() <= 36);
        CHECK(report["ends_unobserved"].GetInt() == 0);
    }
}

TEST_CASE("with webhooks that are lost or late, polls find every end") {
    for (const char* how : {"webhook-lost", "webhook-late"}) {
        CAPTURE(how);
        WebhookNight night{{"--misbehave", fmt::format("{}=1", how)}};
        night.configure("polling", "{ min: 10ms, max: 50ms }");
        const auto end = night.run(12);
        CAPTURE(end.err);
        CHECK(end.exit_code == 0);
        const auto report = night.sandbox().report();
        CHECK(report["creates_accepted"].GetInt() == 12);
        CHECK(report["ends_unobserved"].GetInt() == 0);
    }
}

TEST_CASE("a webhook settles a create whose answer was lost, where there is no list") {
    WebhookNight night{{"--misbehave", "create-lost=1", "--misbehave", "list-404=1"}};
    night.configure("settle", "10m");
    const auto end = night.run(3);
    CAPTURE(end.err);
    CHECK(end.exit_code == 0);
    CHECK(end.err.find("by its webhook") != std::string::npos);
    const auto report = night.sandbox().report();
    CHECK(report["creates_accepted"].GetInt() == 3);
    CHECK(report["identical_inputs"].Empty());
}

TEST_CASE("after a crash, webhooks of creates from before it are still heard") {
    ServedNight night{{"--time", "3s", "--spread", "0"}};
    night.listen_for_webhooks();
    night.configure("polling", "{ first: 10m, min: 10m, max: 10m }");
    {
        Program daemon(night.serve());
        night.drop("harbor.yaml", Night::storyboard(3));
        REQUIRE(daemon.wait_for("harbor/shot-3 is rendering"));
        daemon.send(SIGKILL);
        CHECK(daemon.wait().signal == SIGKILL);
    }
    Program daemon(night.serve());
    CHECK(daemon.wait_for("harbor finished: 3 of 3 succeeded"));
    CHECK(night.creates() == 3);
    CHECK(stop(daemon).exit_code == 0);
}

TEST_CASE(
    "every create has a token and a secret of its own, and neither appears anywhere but in the journal") {
    WebhookNight night;
    const auto end = night.run(5);
    CHECK(end.exit_code == 0);
    const auto report = run_program(night.reeld({"report", "harbor", "--json"}));
    const auto all = intents(night, night.sandbox().base_url());
    REQUIRE(all.size() == 5);
    std::set<std::string> secrets;
    for (const auto& intent : all) {
        for (const std::string& secret : {intent.webhook, intent.webhook_secret}) {
            CHECK(secret.size() == 32);
            CHECK(secrets.insert(secret).second);
            for (const std::string& text :
                 {end.out, end.err, report.out, report.err, night.output("harbor", "manifest.json"),
                  night.output("harbor", "manifest.jsonl")}) {
                CHECK(text.find(secret) == std::string::npos);
            }
        }
    }
}

TEST_CASE("without webhooks configured, creates ask for none") {
    Night night{{"--time", "20ms"}};
    CHECK(run_program(night.reeld({"run", night.write("harbor.yaml", Night::storyboard(2))})).exit_code == 0);
    CHECK(night.sandbox().report()["webhooks"].GetInt() == 0);
    for (const auto& intent : intents(night, night.sandbox().base_url())) CHECK(intent.webhook.empty());
}

TEST_CASE("a place for webhooks that is taken is told, with what to do, and nothing is sent") {
    WebhookNight night;
    const auto text = night.sandbox().base_url();
    const auto place = text.substr(7, text.find("/v1") - 7);
    night.configure("webhook", fmt::format("{{ public_url: \"http://{0}/hooks\", listen: \"{0}\" }}", place));
    const auto end = night.run(1);
    CHECK(end.exit_code == 4);
    CHECK(end.err.find("webhook.listen") != std::string::npos);
    CHECK(night.sandbox().report()["creates_arrived"].GetInt() == 0);
}

} // namespace reeld::test
