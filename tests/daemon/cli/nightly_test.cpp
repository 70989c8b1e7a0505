#include "tests/daemon/cli/steered_night.h"

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

    [[nodiscard]] ProgramEnd render() const { return operate({"nightly", (folder() / "nightly").string()}); }
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
    const auto end = night.operate({"nightly", folder});
    CAPTURE(end.err);
    CHECK(end.exit_code == 4);
}

} // namespace reeld::test
