#include "tests/daemon/cli/steered_night.h"

#include <sys/stat.h>

namespace reeld::test {

namespace {

bool says(const ProgramEnd& end, const std::string& text) {
    return end.err.find(text) != std::string::npos || end.out.find(text) != std::string::npos;
}

} // namespace

TEST_CASE("a pause holds until it is resumed, a restart included, and nothing is sent meanwhile") {
    SteeredNight night;
    night.start();
    CHECK(says(night.operate({"pause"}), "all creates are paused"));
    night.submit("harbor", 2);
    night.stop();
    night.start();
    const auto status = night.ask({"status"});
    CHECK(status["account"]["paused"].GetBool());
    CHECK(std::string(status["batches"][0]["state"].GetString()) == "paused");
    CHECK(night.creates() == 0);
    CHECK(says(night.operate({"resume"}), "resumed"));
    CHECK(night.operate({"wait", "harbor", "-q"}).exit_code == 0);
}

TEST_CASE("a run on what a daemon was told to pause ends, and says who can go on") {
    SteeredNight night;
    const auto file = night.write("harbor.yaml", SteeredNight::storyboard(2));
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    REQUIRE(night.operate({"submit", file}).exit_code == 0);
    CHECK(night.operate({"pause", "harbor"}).exit_code == 0);
    night.stop();
    const auto end = night.operate({"run", file});
    CHECK(end.exit_code == 1);
    CHECK(says(end, "'reeld resume'"));
    CHECK(says(end, "'reeld resume harbor'"));
    CHECK(night.creates() == 0);
    night.start();
    CHECK(night.operate({"resume"}).exit_code == 0);
    CHECK(night.operate({"resume", "harbor"}).exit_code == 0);
    CHECK(night.operate({"wait", "harbor", "-q"}).exit_code == 0);
}

TEST_CASE("a batch is paused and resumed by its name, and the others go on") {
    SteeredNight night;
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    night.submit("harbor", 1);
    night.submit("quay", 1);
    CHECK(says(night.operate({"pause", "harbor"}), "harbor is paused"));
    CHECK(says(night.operate({"pause", "harbor"}), "paused already"));
    CHECK(night.operate({"resume"}).exit_code == 0);
    CHECK(night.operate({"wait", "quay", "-q"}).exit_code == 0);
    CHECK(night.creates() == 1);
    CHECK(night.operate({"resume", "harbor"}).exit_code == 0);
    CHECK(night.operate({"wait", "harbor", "-q"}).exit_code == 0);
    CHECK(night.operate({"pause", "harbor"}).exit_code == 2); // It is finished.
}

TEST_CASE("shots and batches are cancelled, and retried when somebody wants them after all") {
    SteeredNight night;
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    night.submit("harbor", 3);
    CHECK(says(night.operate({"cancel", "harbor/shot-2"}), "harbor/shot-2 is cancelled"));
    CHECK(night.operate({"cancel", "harbor/shot-2"}).exit_code == 2);
    CHECK(says(night.operate({"status"}), "1 cancelled"));
    CHECK(says(night.operate({"cancel", "harbor"}), "harbor: 2 shots cancelled"));
    CHECK(night.operate({"wait", "harbor", "-q"}).exit_code == 1);
    CHECK(std::string(night.manifest("harbor")["status"].GetString()) == "cancelled");
    CHECK(says(night.operate({"cancel", "harbor"}), "nothing is left to cancel"));

    CHECK(says(night.operate({"retry", "harbor/shot-1"}), "harbor/shot-1 is queued once more"));
    CHECK(says(night.operate({"retry", "harbor/shot-1"}), "only a shot that failed or was cancelled"));
    CHECK(says(night.operate({"retry", "harbor"}), "harbor: 2 shots queued once more"));
    CHECK(night.operate({"resume"}).exit_code == 0);
    CHECK(night.operate({"wait", "harbor", "-q"}).exit_code == 0);
    CHECK(night.creates() == 3);
    CHECK(std::string(night.manifest("harbor")["status"].GetString()) == "succeeded");
}

TEST_CASE("a name that is refused keeps a command from none of the others") {
    SteeredNight night;
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    night.submit("harbor", 3);
    CHECK(night.operate({"cancel", "harbor/shot-1"}).exit_code == 0);
    const auto end = night.operate({"cancel", "harbor/shot-1", "harbor/shot-2", "quay", "harbor/shot-3"});
    CHECK(end.exit_code == 2);
    CHECK(says(end, "harbor/shot-2 is cancelled"));
    CHECK(says(end, "harbor/shot-3 is cancelled"));
    CHECK(says(end, "no batch quay"));
}

TEST_CASE("a run goes on with a batch of which shots were retried, and renders no other, also with --again") {
    SteeredNight night;
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    night.submit("harbor", 1);
    CHECK(night.operate({"cancel", "harbor"}).exit_code == 0);
    CHECK(night.operate({"wait", "harbor", "-q"}).exit_code == 1);
    CHECK(night.operate({"retry", "harbor"}).exit_code == 0);
    night.stop();
    const auto file = night.write("harbor.yaml", "# harbor\n" + Night::storyboard(1));
    const auto end = night.operate({"run", "--again", file});
    CAPTURE(end.err);
    CHECK(end.exit_code == 1);
    CHECK(says(end, "goes on where it stopped, as harbor (0 of 1 final)"));
    CHECK_FALSE(says(end, "harbor.2"));
}

TEST_CASE("standard output that is full keeps a command from none of its deeds") {
    SteeredNight night;
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    night.submit("harbor", 2);
    auto start = night.reeld({"cancel", "--json", "harbor/shot-1", "harbor/shot-2"});
    const std::vector<std::string> shell = {"/bin/sh", "-c", "exec \"$@\" > /dev/full", "sh"};
    start.words.insert(start.words.begin(), shell.begin(), shell.end());
    CHECK(run_program(start).exit_code == 4);
    CHECK(night.operate({"wait", "harbor", "-q"}).exit_code == 1);
}

TEST_CASE("who waits for a paused batch is told so, and how it goes on") {
    SteeredNight night;
    night.start();
    night.submit("harbor", 1);
    CHECK(night.operate({"wait", "harbor"}).exit_code == 0);
    CHECK(night.operate({"pause"}).exit_code == 0);
    night.submit("quay", 1);
    Program all(night.reeld({"wait", "quay"}));
    CHECK(all.wait_for("quay waits: all creates are paused by a person, and 'reeld resume' goes on"));
    CHECK(night.operate({"pause", "quay"}).exit_code == 0);
    CHECK(night.operate({"resume"}).exit_code == 0);
    Program one(night.reeld({"wait", "quay"}));
    CHECK(one.wait_for("quay waits: it is paused by a person, and 'reeld resume quay' goes on"));
    CHECK(night.operate({"resume", "quay"}).exit_code == 0);
    CHECK(all.wait().exit_code == 0);
    CHECK(one.wait().exit_code == 0);
}

TEST_CASE("a large batch is cancelled in portions, and none of its shots is created in between") {
    SteeredNight night;
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    night.submit("large", 450);
    CHECK(night.operate({"resume"}).exit_code == 0);
    REQUIRE(night.daemon().wait_for("large/shot-1 is rendering"));
    const auto cancelled = night.operate({"cancel", "large"});
    CAPTURE(cancelled.err);
    CHECK(cancelled.exit_code == 0);
    const int creates = night.creates();
    CHECK(night.operate({"wait", "large", "-q"}).exit_code == 1);
    CHECK(night.creates() == creates);
    CHECK_FALSE(night.ask({"status", "large"})["paused"].GetBool());
}

TEST_CASE("the batch that is given the higher priority is served first") {
    SteeredNight night;
    night.configure("limits", "{ creates: 100, per: 60s, concurrent: 1 }");
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    night.submit("first", 1);
    night.submit("second", 1);
    CHECK(says(night.operate({"priority", "second", "10"}), "second has priority 10 now"));
    CHECK(night.operate({"priority", "first", "-5"}).exit_code == 0);
    CHECK(night.operate({"priority", "first", "101"}).exit_code == 2);
    CHECK(night.operate({"resume"}).exit_code == 0);
    REQUIRE(night.daemon().wait_for("first finished"));
    CHECK(night.daemon().said().find("second/shot-1 is rendering") <
          night.daemon().said().find("first/shot-1 is rendering"));
}

TEST_CASE("a held shot is shown with the commands that release it, and released by one of them") {
    HeldByDaemon night;
    CHECK(night.daemon().wait_for("reeld resolve harbor/shot-1 --not-created"));
    const auto status = night.operate({"status"});
    CHECK(says(status, "held: harbor/shot-1: "));
    CHECK(says(status, "reeld resolve harbor/shot-1 --created ID"));
    CHECK(night.operate({"wait", "harbor", "-q"}).exit_code == 1);
    CHECK(night.operate({"resolve", "harbor/shot-1"}).exit_code == 2);
    CHECK(night.operate({"resolve", "harbor", "--not-created"}).exit_code == 2);
    CHECK(night.operate({"resolve", "harbor/shot-1", "--created", "..."}).exit_code == 2);
    for (const char* empty : {"--not-created=", "--not-created={}", "--not-created=true"})
        CHECK(night.operate({"resolve", "harbor/shot-1", empty}).exit_code == 2);
    CHECK(night.operate({"resolve", "harbor/shot-1", "--created", "", "--not-created"}).exit_code == 2);
    const auto released = night.operate({"resolve", "harbor/shot-1", "--not-created"});
    CAPTURE(released.err);
    CHECK(released.exit_code == 0);
    CHECK(night.daemon().wait_for("its create counts as not created, says a person"));
    REQUIRE(night.daemon().wait_for("reeld resolve harbor/shot-1 --not-created=2"));
    CHECK(says(night.operate({"status"}), "reeld resolve harbor/shot-1 --not-created=2"));
    const auto again = night.operate({"resolve", "harbor/shot-1", "--not-created"});
    CHECK(again.exit_code == 2);
    CHECK(says(again, "was held for another create since"));
    for (const char* wrong : {"0", "-1", "2x", "2.5", "", "two", "false", "99999999999999999999", "3"}) {
        CAPTURE(wrong);
        const auto refused =
            night.operate({"resolve", "harbor/shot-1", std::string("--not-created=") + wrong});
        CHECK(refused.exit_code == 2);
    }
    CHECK(night.creates() == 2);
    CHECK(night.operate({"resolve", "harbor/shot-1", "--not-created=2"}).exit_code == 0);
}

TEST_CASE("consent to a create that was cancelled since is no consent to the one that a retry has sent") {
    HeldByDaemon night;
    CHECK(night.operate({"cancel", "harbor/shot-1"}).exit_code == 0);
    CHECK(night.operate({"retry", "harbor/shot-1"}).exit_code == 0);
    REQUIRE(night.daemon().wait_for("--not-created=2"));
    CHECK(night.ask({"status"})["held"][0]["nth"].GetInt() == 2);
    const auto late = night.operate({"resolve", "harbor/shot-1", "--not-created"});
    CHECK(late.exit_code == 2);
    CHECK(says(late, "was held for another create since"));
    CHECK(night.creates() == 2);
}

TEST_CASE("a held shot goes on as the prediction that a person has found") {
    const TempFolder provider;
    HeldByDaemon night({"--state", (provider / "state").string()});
    const std::string found = first_prediction(provider / "state");
    const auto adopted = night.operate({"resolve", "harbor/shot-1", "--created", found});
    CAPTURE(adopted.err);
    CHECK(adopted.exit_code == 0);
    CHECK(night.daemon().wait_for("its prediction " + found + " was found by a person"));
    CHECK(night.daemon().wait_for("harbor/shot-1 succeeded"));
    const auto twice = night.operate({"resolve", "harbor/shot-1", "--created", "abc-2"});
    CHECK(twice.exit_code == 2);
    CHECK(says(twice, "only a shot that is held or in doubt can be resolved"));
}

TEST_CASE(
    "a prediction that the provider does not know is not believed, and one that it cannot be asked for has "
    "to be said again") {
    HeldByDaemon night;
    const auto mistyped = night.operate({"resolve", "harbor/shot-1", "--created", "abc-1"});
    CAPTURE(mistyped.err);
    CHECK(mistyped.exit_code == 2);
    CHECK(says(mistyped, "harbor/shot-1 cannot have prediction abc-1: the provider knows none of that id"));
    CHECK(says(night.operate({"status"}), "held: harbor/shot-1"));
    night.sandbox().stop();
    const auto unheard = night.operate({"resolve", "harbor/shot-1", "--created", "abc-1"});
    CHECK(unheard.exit_code == 2);
    CHECK(says(unheard, "cannot have prediction abc-1 before it was looked up"));
    CHECK(says(night.operate({"status"}), "held: harbor/shot-1"));
}

TEST_CASE("a name that is nearly right is answered with the one that was meant") {
    SteeredNight night;
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    night.submit("harbor-teaser", 2);
    const auto batch = night.operate({"cancel", "harbor-tesser"});
    CHECK(batch.exit_code == 2);
    CHECK(says(batch, "no batch harbor-tesser; did you mean harbor-teaser?"));
    const auto shot = night.operate({"why", "harbor-teaser/shot-22"});
    CHECK(shot.exit_code == 2);
    CHECK(says(shot, "no shot shot-22 in batch harbor-teaser; did you mean shot-2?"));
    CHECK(says(night.operate({"status", "quay"}), "'reeld status' lists the batches"));
    CHECK(says(night.operate({"wait", "harbor-tesser"}), "did you mean harbor-teaser?"));
    CHECK(says(night.operate({"report", "harbor-tesser"}), "did you mean harbor-teaser?"));
}

TEST_CASE("without a daemon every command ends with 4 and says what to do") {
    SteeredNight night;
    const auto file = night.write("harbor.yaml", Night::storyboard(1));
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"submit", file},
                                               {"status"},
                                               {"wait", "harbor"},
                                               {"cancel", "harbor"},
                                               {"retry", "harbor"},
                                               {"resolve", "harbor/shot-1", "--not-created"},
                                               {"pause"},
                                               {"resume"},
                                               {"priority", "harbor", "1"},
                                               {"why", "harbor/shot-1"}}) {
        const auto end = night.operate(words);
        CAPTURE(words.front());
        CAPTURE(end.err);
        CHECK(end.exit_code == 4);
        CHECK(says(end, "start one with 'reeld serve'"));
    }
    CHECK(night.operate({"names"}).exit_code == 0);
}

TEST_CASE("a wait that takes too long ends with 130, and the daemon goes on") {
    SteeredNight night;
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    night.submit("harbor", 1);
    const auto end = night.operate({"wait", "harbor", "--timeout", "20ms"});
    CHECK(end.exit_code == 130);
    CHECK(says(end, "the timeout has passed"));
    CHECK(night.operate({"wait", "harbor", "--timeout", "soon"}).exit_code == 2);
}

TEST_CASE("a wait goes on over a restart of the daemon") {
    SteeredNight night;
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    night.submit("harbor", 1);
    Program wait(night.reeld({"wait", "harbor"}));
    // A command that is started later takes its time as well: after some of them, the first has asked.
    for (int i = 0; i < 5; ++i) CHECK(night.operate({"status"}).exit_code == 0);
    night.stop();
    REQUIRE(wait.wait_for("waiting for it"));
    night.start();
    CHECK(night.operate({"resume"}).exit_code == 0);
    CHECK(wait.wait().exit_code == 0);
}

TEST_CASE("status shows the account, a batch's shots, and one shot") {
    SteeredNight night;
    night.start();
    night.submit("harbor", 2);
    CHECK(night.operate({"wait", "harbor", "-q"}).exit_code == 0);
    CHECK(says(night.operate({"status"}), "harbor  succeeded  2/2"));
    const auto batch = night.ask({"status", "harbor"});
    CHECK(batch["shots"].Size() == 2);
    CHECK(batch["cost"].GetDouble() > 0);
    CHECK(night.ask({"status", "harbor", "--only", "failed"})["shots"].Size() == 0);
    CHECK(night.operate({"status", "harbor", "--only", "sunk"}).exit_code == 2);
    const auto shot = night.ask({"status", "harbor/shot-2"});
    CHECK(std::string(shot["prompt"].GetString()) == "A gull lands on railing number 2");
    CHECK(shot["attempts_made"].Size() == 1);
    CHECK(says(night.operate({"status", "harbor/shot-2"}), shot["url"].GetString()));
}

TEST_CASE("a report is the same from a daemon and from its journal") {
    SteeredNight night;
    night.start();
    night.submit("harbor", 3);
    CHECK(night.operate({"wait", "harbor", "-q"}).exit_code == 0);
    const auto text = night.operate({"report", "harbor"}).out;
    const auto json = night.operate({"report", "harbor", "--json"}).out;
    night.stop();
    CHECK(text.find("3 creates sent") != std::string::npos);
    CHECK(night.operate({"report", "harbor"}).out == text);
    CHECK(night.operate({"report", "harbor", "--json"}).out == json);
}

TEST_CASE("a daemon in a folder too deep for a socket's path is reached like any other") {
    SteeredNight night;
    const auto deep = (night.folder() / std::string(60, 'd')) / std::string(60, 'e');
    night.configure("state", deep.string());
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0);
    CHECK(std::filesystem::is_socket(deep / "reeld.sock"));
    night.stop();
    CHECK_FALSE(std::filesystem::exists(deep / "reeld.sock"));
}

TEST_CASE("another user is refused, whatever the modes of the folder and the socket say") {
    SteeredNight night;
    if (::geteuid() != 0) {
        MESSAGE("not tested: only root can become another user");
        return;
    }
    night.start();
    CHECK(night.operate({"status"}).exit_code == 0);
    std::filesystem::permissions(night.folder().path(), std::filesystem::perms(0755));
    std::filesystem::permissions(night.folder() / "state", std::filesystem::perms(0755));
    auto start = night.reeld({"status"});
    start.words.insert(start.words.begin(),
                       {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"});
    CHECK(says(run_program(start), "this user may not talk to the daemon"));
    std::filesystem::permissions(night.folder() / "state/reeld.sock", std::filesystem::perms(0666));
    const auto end = run_program(start);
    CAPTURE(end.err);
    CHECK(end.exit_code == 4);
    CHECK(says(end, "this daemon belongs to another user"));
}

} // namespace reeld::test
