#include "tests/support/contains.h"
#include "tests/support/fault_server.h"
#include "tests/support/night.h"

#include <atomic>
#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <set>

namespace reeld::test {

namespace {

/// The creates that the provider accepted, and those it refused.
struct Creates {
    int accepted = 0;
    int refused = 0;
    int identical = 0;
};

Creates creates_of(const rapidjson::Document& report) {
    int refused = 0;
    for (const auto& reason : report["refused"].GetObject()) refused += reason.value.GetInt();
    return {.accepted = report["creates_accepted"].GetInt(),
            .refused = refused,
            .identical = static_cast<int>(report["identical_inputs"].Size())};
}

std::set<std::string> succeeded_shots(const rapidjson::Document& manifest) {
    std::set<std::string> shots;
    for (const auto& shot : manifest["shots"].GetArray()) {
        if (std::string(shot["status"].GetString()) == "succeeded") shots.insert(shot["shot"].GetString());
    }
    return shots;
}

/// What `reeld run` comes to when the first poll is answered 403 with this body, and all others by a clip.
ProgramEnd run_with_first_poll_refused(const std::string& body) {
    std::atomic<int> polls{0};
    const FaultServer provider([&](const ReceivedRequest& request) {
        if (request.head.starts_with("POST "))
            return answer(200, R"({"status":"success","predictionID":"p-1"})");
        if (polls++ == 0) return answer(403, body);
        return answer(200, R"({"status":"success","id":"p-1","output":"https://cdn.test/a.mp4"})");
    });
    Night night({});
    night.configure("api", fmt::format("{{ base_url: \"{}\" }}", provider.url("/v1")));
    night.configure("polling", "{ first: 10ms, min: 10ms, max: 50ms }");
    return run_program(night.reeld({"run", night.write("harbor.yaml", Night::storyboard(1))}));
}

} // namespace

TEST_CASE("a storyboard becomes a manifest, and the provider sees each shot once") {
    Night night({"--time", "30ms"});
    const auto file = night.write("harbor.yaml", Night::storyboard(12));
    const auto end = run_program(night.reeld({"run", file}));
    CAPTURE(end.err);
    CHECK(end.exit_code == 0);
    const auto manifest = night.manifest("harbor");
    REQUIRE(manifest.IsObject());
    CHECK(std::string(manifest["status"].GetString()) == "succeeded");
    CHECK(succeeded_shots(manifest).size() == 12);
    CHECK(night.output("harbor", "storyboard.yaml") == Night::storyboard(12));
    const auto creates = creates_of(night.sandbox().report());
    CHECK(creates.accepted == 12);
    CHECK(creates.refused == 0);
}

TEST_CASE("the same command a second time sends nothing and ends as the first did") {
    Night night({"--time", "30ms"});
    const auto file = night.write("harbor.yaml", Night::storyboard(3));
    CHECK(run_program(night.reeld({"run", file})).exit_code == 0);
    const auto again = run_program(night.reeld({"run", file}));
    CHECK(again.exit_code == 0);
    CHECK(again.err.find("rendered already") != std::string::npos);
    CHECK(creates_of(night.sandbox().report()).accepted == 3);
}

TEST_CASE("--again renders what was rendered already once more, beside the first batch") {
    Night night({"--time", "30ms"});
    const auto file = night.write("harbor.yaml", Night::storyboard(2));
    CHECK(run_program(night.reeld({"run", file})).exit_code == 0);
    CHECK(run_program(night.reeld({"run", "--again", file})).exit_code == 0);
    CHECK(night.manifest("harbor.2").IsObject());
    CHECK(creates_of(night.sandbox().report()).accepted == 4);
}

TEST_CASE("after kill -9 in mid-batch the same command finishes, and nothing is created twice") {
    Night night({"--time", "60ms", "--concurrent", "4"});
    night.configure("limits", "{ creates: 100, per: 60s, concurrent: 4 }");
    night.configure("settle", "200ms");
    const auto file = night.write("harbor.yaml", Night::storyboard(16));
    {
        Program first(night.reeld({"run", file}));
        REQUIRE(first.wait_for("succeeded"));
        first.send(SIGKILL);
        CHECK(first.wait().signal == SIGKILL);
    }
    const auto end = run_program(night.reeld({"run", file}));
    CAPTURE(end.err);
    const auto creates = creates_of(night.sandbox().report());
    CHECK(creates.identical == 0);
    CHECK(creates.refused == 0);
    // A create that was on its way when the program was killed is found, or proven not to have been made.
    CHECK(end.exit_code == 0);
    CHECK(creates.accepted == 16);
}

namespace {

/// Ctrl-C once `text` has been said; it must end with 130. Returns what was said on standard error.
std::string interrupt(const ProgramStart& start, const std::string& text) {
    Program run(start);
    REQUIRE(run.wait_for(text));
    run.send(SIGINT);
    const auto end = run.wait();
    REQUIRE(end.exit_code == 130);
    return end.err;
}

} // namespace

TEST_CASE("Ctrl-C ends with 130, and the same command goes on where it stopped") {
    Night night({"--time", "60ms"});
    night.configure("limits", "{ creates: 100, per: 60s, concurrent: 2 }");
    const auto file = night.write("harbor.yaml", Night::storyboard(8));
    CHECK(contains(interrupt(night.reeld({"run", file}), "succeeded"), "the same command goes on"));
    const auto end = run_program(night.reeld({"run", file}));
    CHECK(end.exit_code == 0);
    CHECK(end.err.find("goes on where it stopped") != std::string::npos);
    CHECK(creates_of(night.sandbox().report()).accepted == 8);
    CHECK(succeeded_shots(night.manifest("harbor")).size() == 8);
}

TEST_CASE("a storyboard that is corrected before its batch has ended is said to be paid for anew") {
    Night night({"--time", "60ms"});
    night.configure("limits", "{ creates: 100, per: 60s, concurrent: 2 }");
    const auto file = night.write("harbor.yaml", Night::storyboard(8));
    static_cast<void>(interrupt(night.reeld({"run", file}), "succeeded"));
    (void)night.write("harbor.yaml", "# corrected\n" + Night::storyboard(8));
    const auto end = run_program(night.reeld({"run", file}));
    CHECK(end.exit_code == 0);
    CHECK(contains(end.err, "harbor.2 is another version of harbor, which has not ended"));
    CHECK(contains(end.err, "all of its 8 shots are rendered, and paid, anew"));
}

TEST_CASE("the command that goes on with an interrupted --again pays for nothing twice") {
    Night night({"--time", "60ms"});
    night.configure("limits", "{ creates: 100, per: 60s, concurrent: 2 }");
    const auto a = night.write("a.yaml", "# a\n" + Night::storyboard(1));
    const auto b = night.write("b.yaml", "# b\n" + Night::storyboard(8));
    REQUIRE(run_program(night.reeld({"run", a, b})).exit_code == 0);
    CHECK(contains(interrupt(night.reeld({"run", "--again", a, b}), "a.2 finished"),
                   "the same command goes on where it stopped"));
    CHECK(run_program(night.reeld({"run", "--again", a, b})).exit_code == 0);
    CHECK(creates_of(night.sandbox().report()).accepted == 18);
}

TEST_CASE("a faulty file among several sends nothing at all") {
    Night night({"--time", "30ms"});
    const auto good = night.write("good.yaml", Night::storyboard(2));
    const auto bad = night.write(
        "bad.yaml", "model: kling-v3-pro-text-to-video\nshots:\n  - { prompt: x, duration: 2 }\n");
    const auto end = run_program(night.reeld({"run", good, bad}));
    CHECK(end.exit_code == 2);
    CHECK(end.err.find("bad.yaml:3:") != std::string::npos);
    CHECK(end.err.find("nothing was sent") != std::string::npos);
    CHECK(creates_of(night.sandbox().report()).accepted == 0);
}

TEST_CASE("a rejected key ends the run with 3 and keeps the shots for a better one") {
    Night night({"--time", "30ms", "--key", "the-right-key"});
    const auto file = night.write("harbor.yaml", Night::storyboard(3));
    const auto refused = run_program(night.reeld({"run", file}));
    CAPTURE(refused.err);
    CHECK(refused.exit_code == 3);
    auto start = night.reeld({"run", file});
    start.environment["EACHLABS_API_KEY"] = "the-right-key";
    CHECK(run_program(start).exit_code == 0);
    CHECK(creates_of(night.sandbox().report()).accepted == 3);
}

TEST_CASE("a key that the provider refuses at a poll ends the run with 3, a firewall's page does not") {
    const auto page = run_with_first_poll_refused("<html><h1>Access denied</h1></html>");
    CAPTURE(page.err);
    CHECK(page.exit_code == 0);
    const auto refused = run_with_first_poll_refused(R"({"status":"error","message":"invalid API key"})");
    CAPTURE(refused.err);
    CHECK(refused.exit_code == 3);
}

TEST_CASE("what was moderated is not tried again, what failed at the provider is") {
    Night moderated({"--time", "10ms", "--fail", "moderation=1"});
    const auto file = moderated.write("harbor.yaml", Night::storyboard(2));
    CHECK(run_program(moderated.reeld({"run", file})).exit_code == 1);
    CHECK(creates_of(moderated.sandbox().report()).accepted == 2);

    Night broken({"--time", "10ms", "--fail", "provider=1"});
    const auto other = broken.write("harbor.yaml", Night::storyboard(2));
    CHECK(run_program(broken.reeld({"run", other})).exit_code == 1);
    CHECK(creates_of(broken.sandbox().report()).accepted == 6);
    CHECK(broken.manifest("harbor")["shots"][0]["attempts"].GetInt() == 3);
}

TEST_CASE("a create whose answer was lost is found in the provider's list, and rendered on") {
    Night night({"--time", "30ms", "--misbehave", "create-lost=1"});
    const auto end = run_program(night.reeld({"run", night.write("harbor.yaml", Night::storyboard(3))}));
    CAPTURE(end.err);
    CHECK(end.exit_code == 0);
    CHECK(creates_of(night.sandbox().report()).accepted == 3);
    CHECK(night.manifest("harbor")["counts"]["succeeded"].GetInt() == 3);
}

TEST_CASE("a create that never arrived is sent again once the list has proven it") {
    Night night({"--time", "30ms", "--misbehave", "create-dropped=0.5", "--seed", "3"});
    night.configure("settle", "100ms");
    const auto end = run_program(night.reeld({"run", night.write("harbor.yaml", Night::storyboard(8))}));
    CAPTURE(end.err);
    CHECK(end.exit_code == 0);
    CHECK(end.err.find("its lost create made nothing") != std::string::npos);
    CHECK(creates_of(night.sandbox().report()).accepted == 8);
}

TEST_CASE("a lost create that no list can settle is held, reported, and never sent again by itself") {
    Night night({"--time", "30ms", "--misbehave", "create-lost=1", "--misbehave", "list-404=1"});
    night.configure("settle", "100ms");
    const auto file = night.write("harbor.yaml", Night::storyboard(3));
    for (int round = 0; round < 2; ++round) {
        const auto end = run_program(night.reeld({"run", file}));
        CAPTURE(end.err);
        CHECK(end.exit_code == 1);
        CHECK(end.err.find("held") != std::string::npos);
    }
    CHECK(creates_of(night.sandbox().report()).accepted == 3);
    CHECK(night.output("harbor", "manifest.json").empty());
}

TEST_CASE("a second program on one state folder ends with 4") {
    Night night({"--time", "10s"});
    const auto file = night.write("harbor.yaml", Night::storyboard(2));
    Program first(night.reeld({"run", file}));
    REQUIRE(first.wait_for("rendering"));
    const auto second = run_program(night.reeld({"run", file}));
    CHECK(second.exit_code == 4);
    CHECK(second.err.find("state") != std::string::npos);
}

TEST_CASE("the limits hold: no create is refused by a provider that counts for itself") {
    Night night({"--time", "20ms", "--creates", "20", "--per", "300ms", "--concurrent", "5"});
    night.configure("limits", "{ creates: 20, per: 300ms, concurrent: 5 }");
    const auto file = night.write("harbor.yaml", Night::storyboard(60));
    CHECK(run_program(night.reeld({"run", file})).exit_code == 0);
    const auto report = night.sandbox().report();
    CHECK(creates_of(report).accepted == 60);
    CHECK(creates_of(report).refused == 0);
    CHECK(report["most_creates_in_window"].GetInt() <= 20);
    CHECK(report["most_in_flight"].GetInt() <= 5);
}

} // namespace reeld::test
