#include "tests/daemon/cli/steered_night.h"

#include <fmt/format.h>
#include <list>
#include <set>

namespace reeld::test {

TEST_CASE("a storyboard that is submitted becomes a batch, whose end is waited for") {
    SteeredNight night;
    night.start();
    const auto file = night.write("harbor.yaml", Night::storyboard(3));
    const auto end = night.operate({"submit", file});
    CAPTURE(end.err);
    CHECK(end.exit_code == 0);
    CHECK(end.out == "harbor\n");
    CHECK(end.err.find("accepted as harbor, 3 shots") != std::string::npos);
    const auto wait = night.operate({"wait", "harbor"});
    CAPTURE(wait.err);
    CHECK(wait.exit_code == 0);
    CHECK(wait.err.find("harbor: 3 of 3 shots succeeded") != std::string::npos);
    CHECK(night.manifest("harbor").IsObject());
    CHECK(night.output("harbor", "storyboard.yaml") == Night::storyboard(3));
    night.stop();
}

TEST_CASE("a fault in one file means that none is submitted, and all faults are shown as check shows them") {
    SteeredNight night;
    night.start();
    const auto good = night.write("harbor.yaml", Night::storyboard(1));
    const auto bad = night.write(
        "bad.yaml", "model: kling-v3-pro-text-to-video\nshots:\n  - { prompt: x, duration: 2 }\n  - 7\n");
    const auto check = night.operate({"check", bad});
    const auto end = night.operate({"submit", good, bad});
    CHECK(end.exit_code == 2);
    CHECK(end.err == check.err + "reeld: nothing was handed over\n");
    CHECK(night.ask({"status"})["batches"].Size() == 0);
    CHECK(night.creates() == 0);
}

TEST_CASE("the same bytes are not submitted twice, unless somebody insists") {
    SteeredNight night;
    night.start();
    const auto file = night.write("harbor.yaml", Night::storyboard(2));
    CHECK(night.operate({"submit", file}).exit_code == 0);
    const auto again = night.operate({"submit", file});
    CHECK(again.exit_code == 0);
    CHECK(again.out == "harbor\n");
    CHECK(again.err.find("has the same bytes") != std::string::npos);
    const auto insisted = night.operate({"submit", "--again", file});
    CHECK(insisted.out == "harbor.2\n");
    CHECK(night.operate({"wait", "harbor", "harbor.2", "-q"}).exit_code == 0);
    CHECK(night.creates() == 4);
}

TEST_CASE("of one storyboard that eight clients submit at once, one batch is made") {
    SteeredNight night;
    night.start();
    const auto file = night.write("harbor.yaml", Night::storyboard(2));
    std::list<Program> clients;
    for (int i = 0; i < 8; ++i) clients.emplace_back(night.reeld({"submit", file}));
    for (auto& client : clients) {
        const auto end = client.wait();
        CAPTURE(end.err);
        CHECK(end.exit_code == 0);
        CHECK(end.out == "harbor\n");
    }
    CHECK(night.ask({"status"})["batches"].Size() == 1);
}

TEST_CASE("storyboards that are dropped and submitted at the same time are all rendered, each once") {
    SteeredNight night;
    night.start();
    std::list<Program> clients;
    for (int i = 1; i <= 4; ++i) {
        const auto text = fmt::format("# {}\n{}", i, Night::storyboard(2));
        const auto file = night.write(fmt::format("s{}.yaml", i), text);
        clients.emplace_back(night.reeld({"submit", file}));
        night.drop(fmt::format("d{}.yaml", i), fmt::format("# dropped {}\n{}", i, Night::storyboard(2)));
    }
    for (auto& client : clients) CHECK(client.wait().exit_code == 0);
    for (int i = 1; i <= 4; ++i) {
        REQUIRE(night.daemon().wait_for(fmt::format("d{} finished", i)));
        CHECK(night.operate({"wait", "-q", fmt::format("s{}", i)}).exit_code == 0);
    }
    CHECK(night.creates() == 16);
}

TEST_CASE("a submitted priority holds from the first create on") {
    SteeredNight night;
    night.configure("limits", "{ creates: 100, per: 60s, concurrent: 1 }");
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    night.submit("low", 1);
    const auto file = night.write("high.yaml", "# high\n" + Night::storyboard(1));
    CHECK(night.operate({"submit", file, "--priority", "7"}).exit_code == 0);
    const auto status = night.ask({"status"});
    CHECK(std::string(status["batches"][0]["batch"].GetString()) == "high");
    CHECK(status["batches"][0]["priority"].GetInt() == 7);
    CHECK(night.operate({"resume"}).exit_code == 0);
    REQUIRE(night.daemon().wait_for("low finished"));
    CHECK(night.daemon().said().find("high/shot-1 is rendering") <
          night.daemon().said().find("low/shot-1 is rendering"));
}

} // namespace reeld::test
