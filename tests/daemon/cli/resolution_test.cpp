#include "daemon/cli/resolution.h"

#include "daemon/cli/plan.h"
#include "tests/support/night.h"

#include <csignal>
#include <doctest/doctest.h>

namespace reeld::test {

namespace {

/// A night whose every create is lost, by a provider that has no list: all is held after a tenth of a second.
struct HeldNight {
    explicit HeldNight(const std::vector<std::string>& more = {}, int shots = 2)
        : night(losing_every_create(more)) {
        night.configure("settle", "100ms");
        file = night.write("harbor.yaml", Night::storyboard(shots));
        held = run_program(night.reeld({"run", file}));
    }
    [[nodiscard]] ProgramEnd resolve(const std::vector<std::string>& words) {
        std::vector<std::string> command = {"run", file};
        for (const auto& word : words) {
            command.emplace_back("--resolve");
            command.push_back(word);
        }
        return run_program(night.reeld(command));
    }
    Night night;
    std::string file;
    ProgramEnd held;
};

} // namespace

TEST_CASE("a resolution names a shot, and a prediction or that there is none") {
    const auto read =
        read_resolutions({"sunrise=created:abc-1", "harbor/storm=not-created", "quay=not-created:2"});
    REQUIRE(read.size() == 3);
    CHECK(read[0].shot == "sunrise");
    CHECK(read[0].finding.prediction == "abc-1");
    CHECK(read[1].shot == "harbor/storm");
    CHECK_FALSE(read[1].finding.prediction.has_value());
    CHECK(read[1].finding.nth == 1);
    CHECK(read[2].finding.nth == 2);
    for (const char* wrong : {"", "sunrise", "=not-created", "sunrise=", "sunrise=created:",
                              "sunrise=created", "sunrise=created:a b", "sunrise=yes",
                              "sunrise=not-created:", "sunrise=not-created:0", "sunrise=not-created:-1",
                              "sunrise=not-created:two", "sunrise=not-created2", "sunrise=not-created:2x"}) {
        CHECK_THROWS_AS(static_cast<void>(read_resolutions({wrong})), PlanError);
    }
}

TEST_CASE("held shots are told with the exact command that releases them") {
    const HeldNight it;
    CAPTURE(it.held.err);
    CHECK(it.held.exit_code == 1);
    CHECK(it.held.err.find("run " + it.file + " --resolve harbor/shot-1=created:ID") != std::string::npos);
    CHECK(it.held.err.find("--resolve harbor/shot-1=not-created") != std::string::npos);
}

TEST_CASE("a held shot that a person says was not created is rendered again, at that person's word") {
    HeldNight it;
    const auto end = it.resolve({"shot-1=not-created"});
    CAPTURE(end.err);
    CHECK(it.night.sandbox().report()["creates_accepted"].GetInt() == 3); // Lost and held anew.
    CHECK(end.exit_code == 1);
}

TEST_CASE("a resolution of a shot that is not held changes nothing and says so") {
    HeldNight it;
    for (const char* wrong : {"shot-9=not-created", "quay/shot-1=not-created"}) {
        const auto end = it.resolve({wrong});
        CHECK(end.exit_code == 2);
        CHECK(end.err.find("no shot of that name is held") != std::string::npos);
    }
    CHECK(it.resolve({"shot-1=not-created", "shot-1=created:x"}).exit_code == 2);
    CHECK(it.night.sandbox().report()["creates_accepted"].GetInt() == 2);
}

TEST_CASE("one prediction cannot be two shots'") {
    HeldNight it;
    const auto end = it.resolve({"shot-1=created:abc", "shot-2=created:abc"});
    CAPTURE(end.err);
    CHECK(end.exit_code == 2);
    CHECK(end.err.find("shot-2: prediction abc is another shot's already") != std::string::npos);
}

TEST_CASE("consent that names only the shot is refused where another batch of the same file has it, and so "
          "is --again") {
    const TempFolder provider;
    HeldNight it({"--state", (provider / "state").string()}, 1);
    CHECK(it.resolve({"shot-1=created:" + first_prediction(provider / "state")}).exit_code == 0);
    CHECK(run_program(it.night.reeld({"run", it.file, "--again"})).exit_code == 1);
    const auto end = it.resolve({"shot-1=not-created"});
    CAPTURE(end.err);
    CHECK(end.exit_code == 2);
    CHECK(end.err.find("several batches have such a shot; write harbor.2/shot-1") != std::string::npos);
    const auto again =
        run_program(it.night.reeld({"run", it.file, "--again", "--resolve", "shot-1=not-created"}));
    CHECK(again.exit_code == 2);
    CHECK(again.err.find("leave --again out") != std::string::npos);
    CHECK(it.night.sandbox().report()["creates_accepted"].GetInt() == 2);
}

TEST_CASE(
    "consent that names only the shot is refused where another batch of the command has it, held or not") {
    const TempFolder provider;
    HeldNight it({"--state", (provider / "state").string()});
    const auto quay = it.night.write("quay.yaml", "# The quay\n" + Night::storyboard(1));
    const auto run = [&](const std::string& resolution) {
        return run_program(it.night.reeld({"run", it.file, quay, "--resolve", resolution}));
    };
    CHECK(run("harbor/shot-1=created:" + first_prediction(provider / "state")).exit_code == 1);
    const int creates = it.night.sandbox().report()["creates_accepted"].GetInt();
    const auto end = run("shot-1=not-created");
    CAPTURE(end.err);
    CHECK(end.exit_code == 2);
    CHECK(end.err.find("several batches have such a shot; write quay/shot-1") != std::string::npos);
    CHECK(it.night.sandbox().report()["creates_accepted"].GetInt() == creates);
}

TEST_CASE("consent that names only the shot is refused once the storyboard was changed and rendered again") {
    HeldNight it;
    CHECK(it.resolve({"shot-1=not-created"}).exit_code == 1);
    static_cast<void>(it.night.write("harbor.yaml", "# Changed.\n" + Night::storyboard(2)));
    CHECK(run_program(it.night.reeld({"run", it.file})).exit_code == 1);
    const auto end = it.resolve({"shot-1=not-created"});
    CAPTURE(end.err);
    CHECK(end.exit_code == 2);
    CHECK(end.err.find("several batches have such a shot; write harbor.2/shot-1") != std::string::npos);
}

TEST_CASE("a resolution that is refused accepts no storyboard either, which the next run would send") {
    HeldNight it;
    const auto docks = it.night.write("docks.yaml", "# The docks\n" + Night::storyboard(1));
    const auto end = run_program(it.night.reeld({"run", docks, "--resolve", "harbor/shot-1=not-created"}));
    CAPTURE(end.err);
    CHECK(end.exit_code == 2);
    CHECK(end.err.find("no shot of that name is held or in doubt; nothing was sent") != std::string::npos);
    CHECK(run_program(it.night.reeld({"report", "docks"})).exit_code == 2);
}

TEST_CASE("a prediction that the provider does not know settles nothing, of other shots neither") {
    HeldNight it;
    const auto end = it.resolve({"shot-1=not-created", "shot-2=created:abc"});
    CAPTURE(end.err);
    CHECK(end.exit_code == 2);
    CHECK(end.err.find("--resolve shot-2: shot-2 cannot have prediction abc: the provider knows none of that "
                       "id") != std::string::npos);
    CHECK(end.err.find("nothing was sent") != std::string::npos);
    CHECK(it.night.sandbox().report()["creates_accepted"].GetInt() == 2);
}

TEST_CASE("a held shot of a run goes on as the prediction that a person has found") {
    const TempFolder provider;
    HeldNight it({"--state", (provider / "state").string()});
    const auto end = it.resolve({"shot-1=created:" + first_prediction(provider / "state")});
    CAPTURE(end.err);
    CHECK(end.exit_code == 1);
    CHECK(end.err.find("1 of 2 shots succeeded, 1 held") != std::string::npos);
    CHECK(it.night.sandbox().report()["creates_accepted"].GetInt() == 2);
}

TEST_CASE("a wrong resolution sends nothing, of other shots neither") {
    Night night({});
    const auto file = night.write("harbor.yaml", Night::storyboard(2));
    const auto end = run_program(night.reeld({"run", file, "--resolve", "shot-9=not-created"}));
    CAPTURE(end.err);
    CHECK(end.exit_code == 2);
    CHECK(end.err.find("nothing was sent") != std::string::npos);
    CHECK(night.sandbox().report()["creates_arrived"].GetInt() == 0);
    CHECK(run_program(night.reeld({"report", "harbor"})).exit_code == 2); // There is no such batch.
}

TEST_CASE("consent to a second create is not consent to a third: repeated after a crash, it is refused while "
          "the second is in doubt") {
    HeldNight it;
    it.night.configure("settle", "1h");
    std::vector<std::string> command = {"run", it.file, "--resolve", "shot-1=not-created"};
    {
        Program again(it.night.reeld(command));
        REQUIRE(again.wait_for("is in doubt"));
        again.send(SIGKILL);
        static_cast<void>(again.wait());
    }
    CHECK(it.night.sandbox().report()["creates_accepted"].GetInt() == 3);
    // The doubt is held again before the second file is read and the words are looked at.
    it.night.configure("settle", "10ms");
    command.insert(command.begin() + 1, it.night.write("long.yaml", Night::storyboard(3000)));
    const auto end = run_program(it.night.reeld(command));
    CAPTURE(end.err);
    CHECK(end.exit_code == 2);
    CHECK(end.err.find("shot-1 is in doubt") != std::string::npos);
    CHECK(it.night.sandbox().report()["creates_accepted"].GetInt() == 3);
}

TEST_CASE("the command that is shown for a held shot does not repeat what an earlier one said, and names the "
          "create that it is about") {
    HeldNight it;
    const auto end = it.resolve({"shot-1=not-created"});
    CAPTURE(end.err);
    CHECK(end.err.find("run " + it.file + " --resolve harbor/shot-1=created:ID") != std::string::npos);
    CHECK(end.err.find("--resolve harbor/shot-1=not-created:2\n") != std::string::npos);
    CHECK(end.err.find("or harbor/shot-1=not-created:2 (FILE") != std::string::npos);
}

TEST_CASE("the same consent said twice pays once, and the next create needs one of its own") {
    HeldNight it;
    const auto creates = [&] {
        return it.night.sandbox().report()["creates_accepted"].GetInt();
    };
    CHECK(it.resolve({"shot-1=not-created:2"}).exit_code == 2); // There was none.
    CHECK(creates() == 2);
    CHECK(it.resolve({"shot-1=not-created"}).exit_code == 1);
    CHECK(creates() == 3);
    const auto again = it.resolve({"shot-1=not-created"});
    CAPTURE(again.err);
    CHECK(again.exit_code == 2);
    CHECK(again.err.find("say so of number 2: not-created:2") != std::string::npos);
    CHECK(creates() == 3);
    CHECK(it.resolve({"shot-1=not-created:2"}).exit_code == 1);
    CHECK(creates() == 4);
}

} // namespace reeld::test
