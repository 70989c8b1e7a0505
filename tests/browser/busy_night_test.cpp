// A night as a producer meets it in the middle: many clips, some failed, some held, some at the provider.
// What is looked at here is how it looks: the photographs are for a person.

#include "tests/browser/visit.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <vector>

namespace reeld::test {

namespace {

/// "coast" has 48 shots: of the first 36 most are done, some failed and some held; the others render for
/// hours or wait. "quay" waits behind it, "pilot" is done.
struct BusyNight : SteeredNight {
    BusyNight()
        : SteeredNight({"--time", "30ms", "--model", "quick=30ms", "--model", "slow=5h", "--concurrent", "6",
                        "--fail", "moderation=0.08", "--misbehave", "create-lost=0.09", "--misbehave",
                        "list-404=1"}),
          page(listen_for_browsers()) {
        configure("settle", "100ms");
        configure("retries", "{ attempts: 2, backoff: 10ms, backoff_max: 20ms }");
        configure("limits", "{ creates: 100, per: 60s, concurrent: 6 }");
        start();
        REQUIRE(operate({"submit", write("pilot.yaml", board("pilot", 6, 6))}).exit_code == 0);
        REQUIRE(daemon().wait_for("pilot"));
        REQUIRE(operate({"submit", write("coast.yaml", board("coast", 48, 36)),
                         write("quay.yaml", board("quay-at-night-second-unit", 12, 0))})
                    .exit_code == 0);
        REQUIRE(daemon().wait_for("is held"));
    }

    /// So many shots, the first `quick` of which are soon done.
    static std::string board(const std::string& name, int shots, int quick) {
        std::string yaml = fmt::format("storyboard: {}\nmodel: slow\nshots:\n", name);
        const char* prompt = "A drone glides over a sleeping harbor at sunrise, 35mm film, take";
        for (int shot = 1; shot <= shots; ++shot)
            yaml += fmt::format("  - {{ id: {}-{:03}, prompt: \"{} {}\"{} }}\n", name, shot, prompt, shot,
                                shot <= quick ? ", model: quick" : "");
        return yaml;
    }

    std::string page;
};

} // namespace

TEST_CASE("a night with clips, failures and held shots fits every screen, what needs a person first") {
    BusyNight night;
    struct Row {
        const char* name;
        Browser::Look screen;
    };
    const std::vector<Row> rows = {{"busy-phone", {.width = 390, .height = 844}},
                                   {"busy-phone-dark", {.width = 390, .height = 844, .dark = true}},
                                   {"busy-desk", {}},
                                   {"busy-desk-dark", {.dark = true}},
                                   {"busy-wall", {.width = 2560, .height = 1440}},
                                   {"busy-wall-dark", {.width = 2560, .height = 1440, .dark = true}}};
    Loop loop;
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Browser browser(loop, row.screen);
        const std::string said = night.operate({"dashboard", "--quiet"}).out;
        browser.open(said.substr(0, said.find('\n')));
        REQUIRE(browser.becomes("document.querySelectorAll('#held li').length > 0"));
        CHECK(browser.becomes("document.querySelectorAll('#reel[data-frames] i').length === 48"));
        CHECK(browser.run("return document.documentElement.scrollWidth <= innerWidth") == "true");
        const auto top = [&](const char* id) {
            return std::stod(browser.run(
                fmt::format("return document.getElementById('{}').getBoundingClientRect().top", id)));
        };
        CHECK(top("held-panel") < top("batch"));
        CHECK(browser.run("const box = document.getElementById('slots').getBoundingClientRect();"
                          "return [...document.querySelectorAll('.cell')].every(one => "
                          "one.getBoundingClientRect().right <= box.right + 1)") == "true");
        // Of what is held nobody knows how long it renders.
        CHECK(browser.run("return [...document.querySelectorAll('.cell[data-state=held]')].some(one => "
                          "one.textContent.includes(' of '))") == "false");
        browser.photograph(kPictures / fmt::format("{}.png", row.name));
        browser.run("scrollTo(0, document.getElementById('filters').offsetTop - 8)");
        CHECK(browser.becomes("document.querySelector('.tile video')?.readyState >= 2"));
        browser.photograph(kPictures / fmt::format("{}-sheet.png", row.name));
    }
}

TEST_CASE("a held shot shows what is known of it, and how to let it go") {
    BusyNight night;
    Loop loop;
    Browser browser(loop, {});
    const std::string said = night.operate({"dashboard", "--quiet"}).out;
    browser.open(said.substr(0, said.find('\n')));
    REQUIRE(browser.becomes("document.querySelectorAll('#held li').length > 0"));
    browser.click("#held .name");
    REQUIRE(browser.becomes("document.querySelectorAll('#shot[open] .tools button').length === 3"));
    browser.photograph(kPictures / "held-shot.png");
    browser.run("document.querySelectorAll('#shot .tools button')[1].click()");
    REQUIRE(browser.becomes("document.getElementById('ask').open"));
    browser.photograph(kPictures / "held-question.png");
    // What is sent names the create that the page has shown, or it would be refused.
    browser.click("#ask-yes");
    CHECK(browser.becomes("document.body.textContent.includes('waits to be sent again')"));
    CHECK(browser.complaints().empty());
}

} // namespace reeld::test
