// The page as a person meets it, in a real browser, before a night that the test decides on.

#include "tests/browser/stage.h"
#include "tests/browser/webdriver.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace reeld::test {

namespace {

/// Where the photographs go: for a person to look at.
const std::filesystem::path kShots = REELD_SCREENSHOTS;

struct Visit {
    Loop loop;
    Stage stage{loop};
    Browser browser;

    explicit Visit(const Browser::Look& look = {}) : browser(loop, look) {}

    /// Opens the page; whether it shows its shots in time: in its reel, and, where the screen has room for
    /// them, in the sheet.
    bool enter() {
        browser.open(stage.url());
        const auto in_reel = fmt::format("document.querySelectorAll('#reel[data-frames] i').length === {}",
                                         stage.shots.size());
        const std::string in_sheet = "document.querySelector('.tile:not([data-state=unknown])')";
        return browser.becomes(in_reel) && browser.becomes("innerWidth < 700 || " + in_sheet);
    }
};

constexpr const char* kStateOfTile = "document.querySelectorAll('.tile')[{}].dataset.state === '{}'";

} // namespace

TEST_CASE("the page shows a running batch and follows it while it is open") {
    Visit visit;
    REQUIRE(visit.enter());
    auto& browser = visit.browser;
    CHECK(browser.becomes("document.getElementById('link').textContent === 'live'"));
    CHECK(browser.run("return document.getElementById('batch-name').textContent") == "\"harbor\"");
    CHECK(browser.run("return document.querySelectorAll('.cell').length") == "10");
    CHECK(browser.run("return document.querySelector('.cell b').textContent") == "\"sunrise\"");
    CHECK(browser.run("return document.querySelectorAll('#tokens i:not(.out)').length") == "93");
    browser.photograph(kShots / "running.png");
    visit.stage.shots[1].state = "succeeded";
    visit.stage.tell();
    CHECK(browser.becomes(fmt::format(kStateOfTile, 1, "succeeded")));
    CHECK(browser.becomes("document.title.startsWith('2/3 harbor')"));
    CHECK(browser.complaints().empty());
}

TEST_CASE("a finished clip plays in place and comes to rest with Escape") {
    Visit visit;
    REQUIRE(visit.enter());
    visit.browser.click(".tile .play");
    CHECK(visit.browser.becomes("document.querySelector('[data-playing] video')?.currentTime > 0"));
    visit.browser.photograph(kShots / "playing.png");
    visit.browser.press(Browser::key_escape);
    CHECK(visit.browser.becomes("document.querySelector('.tile video').paused"));
    CHECK(visit.browser.complaints().empty());
}

TEST_CASE("a shot is cancelled from the page once the question has been answered") {
    Visit visit({.dark = true});
    REQUIRE(visit.enter());
    auto& browser = visit.browser;
    browser.run("document.querySelectorAll('.tile .name')[2].click()");
    REQUIRE(browser.becomes("document.querySelector('#shot[open] .tools button')"));
    browser.click("#shot .tools button");
    REQUIRE(browser.becomes("document.getElementById('ask').open"));
    browser.photograph(kShots / "question-dark.png");
    CHECK(visit.stage.changes.empty());
    browser.click("#ask-yes");
    CHECK(browser.becomes("document.getElementById('notes').textContent.includes('market is cancelled')"));
    REQUIRE(visit.stage.changes.size() == 1);
    CHECK(visit.stage.changes[0] == "/v1/batches/harbor/shots/market/cancel ");
}

TEST_CASE("a question that is answered with no changes nothing") {
    Visit visit;
    REQUIRE(visit.enter());
    REQUIRE(visit.browser.becomes("document.getElementById('batch-cancel').checkVisibility()"));
    visit.browser.click("#batch-cancel");
    REQUIRE(visit.browser.becomes("document.getElementById('ask').open"));
    visit.browser.press(Browser::key_enter);
    CHECK(visit.browser.becomes("!document.getElementById('ask').open"));
    CHECK(visit.stage.changes.empty());
}

TEST_CASE("without the session there are no buttons to act with, and the page says how to get them") {
    Visit visit;
    visit.stage.may_act = false;
    REQUIRE(visit.enter());
    CHECK(visit.browser.becomes("document.getElementById('read-only').checkVisibility()"));
    CHECK(visit.browser.run(
              "return [...document.querySelectorAll('.act')].some(one => one.checkVisibility())") == "false");
    // And a button that was pressed all the same is refused with the server's words.
    visit.browser.run("document.getElementById('pause-all').click()");
    CHECK(visit.browser.becomes("document.getElementById('notes').textContent.includes('may not act')"));
    CHECK(visit.stage.refused == 1);
}

TEST_CASE("the shots can be gone through with the keyboard alone") {
    Visit visit;
    REQUIRE(visit.enter());
    auto& browser = visit.browser;
    browser.run("document.querySelector('.tile .name').focus()");
    browser.press(Browser::key_right);
    CHECK(browser.run("return document.activeElement.textContent") == "\"sunrise\"");
    browser.press(Browser::key_end);
    CHECK(browser.run("return document.activeElement.textContent") == "\"market\"");
    browser.press(Browser::key_enter);
    CHECK(browser.becomes("document.getElementById('shot').open"));
    browser.press(Browser::key_escape);
    CHECK(browser.becomes("!document.getElementById('shot').open"));
    CHECK(browser.run("return document.activeElement.textContent") == "\"market\"");
}

TEST_CASE("the page says since when it has heard nothing, and goes on by itself") {
    Visit visit;
    REQUIRE(visit.enter());
    visit.stage.be_reachable(false);
    CHECK(visit.browser.becomes(
        "document.getElementById('link').textContent.startsWith('no word from reeld since')"));
    visit.browser.photograph(kShots / "behind.png");
    visit.stage.shots[1].state = "failed";
    visit.stage.be_reachable(true);
    CHECK(visit.browser.becomes("document.getElementById('link').textContent === 'live'"));
    CHECK(visit.browser.becomes(fmt::format(kStateOfTile, 1, "failed")));
}

TEST_CASE("what a storyboard or a provider wrote stays text") {
    Visit visit;
    visit.stage.shots.clear();
    for (const char* evil :
         {"<img src=x onerror=window.pwned=1>", "</title><script>window.pwned=1</script>",
          "\"><svg onload=window.pwned=1>", "' onfocus='window.pwned=1' autofocus='",
          "javascript:window.pwned=1", "{{constructor.constructor('window.pwned=1')()}}"}) {
        visit.stage.shots.push_back(
            {.id = evil, .state = "failed", .prompt = evil, .model = evil, .message = evil, .url = {}});
        visit.stage.shots.push_back(
            {.id = evil, .state = "succeeded", .prompt = evil, .model = evil, .message = evil, .url = evil});
    }
    REQUIRE(visit.enter());
    auto& browser = visit.browser;
    CHECK(browser.run("return document.querySelector('.tile .words').textContent") ==
          "\"<img src=x onerror=window.pwned=1>\"");
    CHECK(browser.run("return document.querySelectorAll('main img, main script, main svg[onload], main "
                      "video').length") == "0");
    CHECK(browser.run("return window.pwned === undefined") == "true");
    CHECK(browser.complaints().empty());
}

TEST_CASE("the page fits a phone and a wall, by day and by night") {
    struct Row {
        const char* name;
        Browser::Look look;
    };
    const std::vector<Row> rows = {{"phone.png", {.width = 390, .height = 844}},
                                   {"desk-dark.png", {.dark = true}},
                                   {"wall-dark.png", {.width = 2560, .height = 1440, .dark = true}}};
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Visit visit(row.look);
        REQUIRE(visit.enter());
        CHECK(visit.browser.run("return document.documentElement.scrollWidth <= innerWidth") == "true");
        visit.browser.photograph(kShots / row.name);
    }
}

} // namespace reeld::test
