#include "tests/daemon/cli/steered_night.h"

namespace reeld::test {

TEST_CASE("run on a state folder that a daemon holds is submit and wait, and tells what its own run would") {
    SteeredNight night;
    night.start();
    const auto file = night.write("harbor.yaml", Night::storyboard(2));
    const auto end = night.operate({"run", file});
    CAPTURE(end.err);
    CHECK(end.exit_code == 0);
    CHECK(end.err.find("harbor accepted: 2 shots") != std::string::npos);
    CHECK(end.err.find("harbor/shot-2 is rendering") != std::string::npos);
    CHECK(end.err.find("harbor/shot-1 succeeded: http") != std::string::npos);
    CHECK(end.err.find("harbor: 2 of 2 shots succeeded") != std::string::npos);
    const auto again = night.operate({"run", file});
    CHECK(again.exit_code == 0);
    CHECK(again.err.find("rendered already, as harbor") != std::string::npos);
    CHECK(night.creates() == 2);
    rapidjson::Document json;
    json.Parse(night.operate({"run", "--again", "--json", file}).out.c_str());
    REQUIRE(json.IsObject());
    CHECK(std::string(json["batches"][0]["batch"].GetString()) == "harbor.2");
    CHECK(std::string(json["batches"][0]["status"].GetString()) == "succeeded");
    CHECK(night.creates() == 4);
}

TEST_CASE("Ctrl-C ends a run that is attached to a daemon, and the daemon's work goes on") {
    SteeredNight night;
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    const auto file = night.write("harbor.yaml", Night::storyboard(1));
    Program run(night.reeld({"run", file}));
    REQUIRE(run.wait_for("harbor accepted"));
    run.send(SIGINT);
    const auto end = run.wait();
    CHECK(end.exit_code == 130);
    CHECK(end.err.find("the daemon goes on rendering") != std::string::npos);
    CHECK(night.operate({"resume"}).exit_code == 0);
    CHECK(night.operate({"run", file, "-q"}).exit_code == 0);
    CHECK(night.creates() == 1);
}

TEST_CASE("the command that waits again after Ctrl-C pays for nothing, also with --again") {
    SteeredNight night;
    night.start();
    const auto file = night.write("harbor.yaml", Night::storyboard(1));
    REQUIRE(night.operate({"run", file}).exit_code == 0);
    REQUIRE(night.operate({"pause"}).exit_code == 0);
    Program run(night.reeld({"run", "--again", file}));
    REQUIRE(run.wait_for("harbor.2 accepted"));
    run.send(SIGINT);
    const auto end = run.wait();
    REQUIRE(end.exit_code == 130);
    CHECK(end.err.find("the same command without --again waits again") != std::string::npos);
    REQUIRE(night.operate({"resume"}).exit_code == 0);
    REQUIRE(night.operate({"wait", "harbor.2"}).exit_code == 0);
    CHECK(night.operate({"run", file}).exit_code == 0);
    CHECK(night.creates() == 2);
}

TEST_CASE("run hands nothing to a daemon that is not the one it was to use") {
    SteeredNight night;
    night.start();
    const auto file = night.write("harbor.yaml", Night::storyboard(1));
    const auto output = night.operate({"run", file, "--output", "elsewhere"});
    CHECK(output.exit_code == 2);
    CHECK(output.err.find("elsewhere") != std::string::npos);
    const auto sandbox =
        night.operate({"run", file, "--sandbox", "--state", (night.folder() / "state").string()});
    CHECK(sandbox.exit_code == 2);
    CHECK(sandbox.err.find("not at sandbox") != std::string::npos);
    const auto resolve = night.operate({"run", file, "--resolve", "shot-1=not-created"});
    CHECK(resolve.exit_code == 2);
    CHECK(resolve.err.find("reeld resolve BATCH/shot-1 --not-created") != std::string::npos);
    CHECK(night.ask({"status"})["batches"].Size() == 0);
}

} // namespace reeld::test
