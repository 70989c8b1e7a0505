#include "tests/daemon/cli/steered_night.h"
#include "tests/support/contains.h"
#include "tests/support/files.h"

#include <chrono>
#include <csignal>
#include <filesystem>

namespace reeld::test {

namespace {

/// A daemon under way, and a folder of storyboards for every night.
class NightlyFolder : public SteeredNight {
public:
    explicit NightlyFolder(const std::vector<std::string>& sandbox_options = {"--time", "30ms"})
        : SteeredNight(sandbox_options) {
        std::filesystem::create_directory(folder() / "nightly");
        start();
    }

    [[nodiscard]] ProgramEnd render(const std::vector<std::string>& options = {}) const {
        return run_program(renders(options));
    }
    [[nodiscard]] ProgramStart renders(const std::vector<std::string>& options = {}) const {
        std::vector<std::string> words = {"nightly", (folder() / "nightly").string()};
        words.insert(words.end(), options.begin(), options.end());
        return reeld(words);
    }
};

} // namespace

TEST_CASE("a night renders every storyboard of the folder, the next night once more") {
    NightlyFolder night;
    (void)night.write("nightly/harbor.yaml", "# harbor\n" + Night::storyboard(2));
    (void)night.write("nightly/quay.yml", "# quay\n" + Night::storyboard(1));
    (void)night.write("nightly/notes.txt", "no storyboard");
    const auto first = night.render();
    CAPTURE(first.err);
    CHECK(first.exit_code == 0);
    CHECK(night.manifest("harbor").IsObject());
    CHECK(night.manifest("quay").IsObject());
    CHECK(night.creates() == 3);
    const auto second = night.render();
    CAPTURE(second.err);
    CHECK(second.exit_code == 0);
    CHECK(second.err.find("accepted as harbor.2, 2 shots") != std::string::npos);
    CHECK(second.err.find("harbor.2: 2 of 2 shots succeeded") != std::string::npos);
    CHECK(night.creates() == 6);
    night.stop();
}

TEST_CASE("a batch that is not finished is waited for by the next night, not rendered beside itself") {
    NightlyFolder night;
    CHECK(night.operate({"pause"}).exit_code == 0); // So that it cannot end before the night begins.
    const auto file = night.write("nightly/harbor.yaml", Night::storyboard(2));
    CHECK(night.operate({"submit", file}).exit_code == 0);
    Program nightly(night.reeld({"nightly", (night.folder() / "nightly").string()}));
    REQUIRE(nightly.wait_for("is being rendered, as harbor"));
    CHECK(night.operate({"resume"}).exit_code == 0);
    const auto end = nightly.wait();
    CAPTURE(end.err);
    CHECK(end.exit_code == 0);
    CHECK(night.creates() == 2);
}

TEST_CASE("one person's slip of the pen does not cost the others their night") {
    NightlyFolder night;
    (void)night.write("nightly/bad.yaml", "model: kling-v3-pro-text-to-video\nshots:\n  - 7\n");
    (void)night.write("nightly/harbor.yaml", Night::storyboard(1));
    const auto end = night.render();
    CAPTURE(end.err);
    CHECK(end.exit_code == 1);
    CHECK(end.err.find("bad.yaml:3:5: error:") != std::string::npos);
    CHECK(end.err.find("bad.yaml: faulty, not rendered tonight") != std::string::npos);
    CHECK(night.manifest("harbor").IsObject());
    std::filesystem::remove(night.folder() / "nightly/harbor.yaml");
    CHECK(night.render().exit_code == 2);
    CHECK(night.creates() == 1);
}

TEST_CASE("a night without storyboards ends well, and one without its folder or its daemon says so") {
    SteeredNight night;
    std::filesystem::create_directory(night.folder() / "nightly");
    const auto folder = (night.folder() / "nightly").string();
    CHECK(night.operate({"nightly", folder}).exit_code == 0);
    CHECK(night.operate({"nightly", folder + "-gone"}).exit_code == 2);
    CHECK(night.operate({"nightly", folder, "--timeout", "soon"}).exit_code == 2);
    (void)night.write("nightly/harbor.yaml", Night::storyboard(1));
    const auto end = night.operate({"nightly", folder, "--patience", "0s"});
    CAPTURE(end.err);
    CHECK(end.exit_code == 4);
    CHECK(contains(end.err, "no daemon answers"));
    CHECK(contains(end.err, "harbor.yaml: not rendered tonight"));
}

TEST_CASE("a night that begins while the daemon is away waits for it, also when it goes away later") {
    NightlyFolder night;
    night.stop();
    (void)night.write("nightly/harbor.yaml", Night::storyboard(2));
    Program nightly(night.renders());
    REQUIRE(nightly.wait_for("waiting for it"));
    night.start();
    REQUIRE(nightly.wait_for("accepted as harbor"));
    night.stop();
    night.start();
    const auto end = nightly.wait();
    CAPTURE(end.err);
    CHECK(end.exit_code == 0);
    CHECK(night.creates() == 2);
}

TEST_CASE("a night waits no longer for a daemon that has gone away than the patience says") {
    NightlyFolder night;
    CHECK(night.operate({"pause"}).exit_code == 0); // So that it does not end before.
    (void)night.write("nightly/harbor.yaml", Night::storyboard(1));
    Program nightly(night.renders({"--patience", "0s"}));
    REQUIRE(nightly.wait_for("accepted as harbor"));
    night.daemon().send(SIGKILL);
    (void)night.daemon().wait();
    const auto end = nightly.wait();
    CAPTURE(end.err);
    CHECK(end.exit_code == 4);
    CHECK(contains(end.err, "what was accepted goes on when it is started again"));
}

TEST_CASE("a daemon that cannot take a storyboard just now is asked again, and the night is whole") {
    NightlyFolder night;
    for (const std::string name : {"dock", "harbor", "quay"})
        (void)night.write("nightly/" + name + ".yaml", "# " + name + "\n" + Night::storyboard(1));
    const auto output = night.folder() / "output";
    std::filesystem::rename(output, night.folder() / "elsewhere");
    write_file(output, "in the way of the folder");
    Program nightly(night.renders());
    REQUIRE(nightly.wait_for("waiting for it"));
    std::filesystem::remove(output);
    std::filesystem::rename(night.folder() / "elsewhere", output);
    const auto end = nightly.wait();
    CAPTURE(end.err);
    CHECK(end.exit_code == 0);
    CHECK(night.creates() == 3);
}

TEST_CASE("of two nights that begin at the same time, one renders and the other waits for it") {
    NightlyFolder night;
    (void)night.write("nightly/harbor.yaml", Night::storyboard(1));
    REQUIRE(night.render().exit_code == 0);
    REQUIRE(night.operate({"pause"}).exit_code == 0); // So that none ends before the other begins.
    Program one(night.renders());
    Program other(night.renders());
    REQUIRE(one.wait_for("harbor.yaml: "));
    REQUIRE(other.wait_for("harbor.yaml: "));
    REQUIRE(night.operate({"resume"}).exit_code == 0);
    CHECK(one.wait().exit_code == 0);
    CHECK(other.wait().exit_code == 0);
    CHECK(night.creates() == 2);
}

TEST_CASE("the same bytes under two names are rendered once in a night") {
    NightlyFolder night;
    (void)night.write("nightly/harbor.yaml", Night::storyboard(1));
    (void)night.write("nightly/quay.yaml", Night::storyboard(1));
    CHECK(night.render().exit_code == 0);
    CHECK(night.creates() == 1);
    CHECK(night.render().exit_code == 0);
    CHECK(night.creates() == 2);
}

TEST_CASE("a night that was due while the last one was still being rendered does not follow it at once") {
    NightlyFolder night;
    const auto ended = night.folder() / "ended";
    (void)night.write("nightly/harbor.yaml", Night::storyboard(1));
    CHECK(night.render({"--ended-file", ended.string()}).exit_code == 0);
    const auto at_once = night.render({"--ended-file", ended.string()});
    CHECK(at_once.exit_code == 0);
    CHECK(contains(at_once.err, "the last night has only just ended"));
    CHECK(night.creates() == 1);
    const auto then = std::filesystem::last_write_time(ended) - std::chrono::minutes{2};
    std::filesystem::last_write_time(ended, then);
    CHECK(night.render({"--ended-file", ended.string()}).exit_code == 0);
    CHECK(night.creates() == 2);
}

} // namespace reeld::test
