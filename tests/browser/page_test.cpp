// The page as a person meets it: in a real browser, before a real daemon and its sandbox.

#include "tests/browser/visit.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <vector>

namespace reeld::test {

namespace {

/// Looks with a session at the night as it is described in visit.h.
struct Entered : Visit {
    explicit Entered(const Browser::Look& look = {}) : Visit(look) {
        begin_night();
        REQUIRE(enter());
    }
};

std::string tile_is(int tile, std::string_view state) {
    return fmt::format("document.querySelectorAll('.tile')[{}]?.dataset.state === '{}'", tile, state);
}

constexpr const char* kLive = "document.getElementById('link').textContent === 'live'";
constexpr const char* kMayAct = "document.body.dataset.act === 'yes'";
constexpr const char* kMayNotAct = "document.body.dataset.act === 'no'";

} // namespace

TEST_CASE("the page shows a running batch and follows it while it is open") {
    Entered visit;
    auto& browser = visit.browser;
    CHECK(browser.becomes(kLive));
    CHECK(browser.run("return location.href") == fmt::format("\"{}/\"", visit.page()));
    CHECK(browser.run("return document.getElementById('batch-name').textContent") == "\"harbor\"");
    CHECK(browser.run("return document.querySelectorAll('.cell').length") == "3");
    CHECK(browser.becomes("document.querySelectorAll('.cell[data-state=rendering]').length === 3"));
    CHECK(browser.run("return document.querySelectorAll('#tokens i:not(.out)').length") == "96");
    // Positions count from 0 for the daemon, from 1 for a person.
    CHECK(browser.run("return [...document.querySelectorAll('.tile')].map(one => "
                      "one.querySelector('.place').textContent + one.querySelector('.name').textContent)") ==
          R"(["1gulls","2sunrise","3mist","4dunes","5market"])");
    CHECK(browser.becomes(tile_is(0, "succeeded")));
    CHECK(browser.becomes(tile_is(4, "queued")));
    CHECK(browser.becomes("document.querySelector('.tile video')?.readyState >= 2"));
    browser.photograph(kPictures / "running.png");
    REQUIRE(visit.operate({"cancel", "harbor/sunrise"}).exit_code == 0);
    CHECK(browser.becomes(tile_is(1, "cancelled")));
    CHECK(browser.becomes(tile_is(4, "rendering")));
    CHECK(browser.becomes("document.title.startsWith('1/5 harbor')"));
    CHECK(browser.complaints().empty());
}

TEST_CASE("a finished clip plays in place and comes to rest with Escape") {
    Entered visit;
    REQUIRE(visit.browser.becomes("document.querySelector('.tile video')?.readyState >= 1"));
    CHECK(visit.browser.becomes("/media[/].+[.]mp4/.test(document.querySelector('.tile video').src)"));
    visit.browser.click(".tile .play");
    CHECK(visit.browser.becomes("document.querySelector('[data-playing] video')?.currentTime > 0.2"));
    visit.browser.photograph(kPictures / "playing.png");
    visit.browser.press(Browser::key_escape);
    CHECK(visit.browser.becomes("document.querySelector('.tile video').paused"));
    CHECK(visit.browser.complaints().empty());
}

TEST_CASE(
    "a page that was open before the first clip comes anew, since its policy did not know the clip's host") {
    Visit visit;
    visit.browser.open(visit.dashboard());
    REQUIRE(visit.browser.becomes(kLive));
    CHECK(visit.browser.becomes("document.getElementById('empty').checkVisibility()"));
    visit.browser.photograph(kPictures / "empty.png");
    visit.browser.run("window.first = true");
    visit.begin_night();
    CHECK(visit.browser.becomes("window.first === undefined && document.readyState === 'complete'"));
    CHECK(visit.browser.becomes("document.querySelector('.tile video')?.readyState >= 1"));
    CHECK(visit.browser.becomes(kMayAct));
}

TEST_CASE("a shot is cancelled from the page once the question has been answered") {
    Entered visit({.dark = true});
    auto& browser = visit.browser;
    REQUIRE(browser.becomes(kMayAct));
    browser.run("document.querySelectorAll('.tile .name')[4].click()");
    REQUIRE(browser.becomes("document.querySelector('#shot[open] .tools button')"));
    browser.photograph(kPictures / "shot-dark.png");
    browser.click("#shot .tools button");
    REQUIRE(browser.becomes("document.getElementById('ask').open"));
    browser.photograph(kPictures / "question-dark.png");
    CHECK(visit.state_of("market") == "queued");
    browser.click("#ask-yes");
    CHECK(browser.becomes("document.getElementById('notes').textContent.includes('market is cancelled')"));
    CHECK(visit.state_of("market") == "cancelled");
    CHECK(browser.becomes(tile_is(4, "cancelled")));
}

TEST_CASE("a question that is answered with no changes nothing") {
    Entered visit;
    REQUIRE(visit.browser.becomes("document.getElementById('batch-cancel').checkVisibility()"));
    visit.browser.click("#batch-cancel");
    REQUIRE(visit.browser.becomes("document.getElementById('ask').open"));
    visit.browser.press(Browser::key_enter);
    CHECK(visit.browser.becomes("!document.getElementById('ask').open"));
    CHECK(visit.state_of("market") == "queued");
}

TEST_CASE("creates are paused and resumed from the page, with the keyboard") {
    Entered visit;
    auto& browser = visit.browser;
    REQUIRE(browser.becomes("document.getElementById('pause-all').checkVisibility()"));
    browser.run("document.getElementById('pause-all').focus()");
    browser.press(Browser::key_enter);
    REQUIRE(browser.becomes("document.getElementById('resume-all').checkVisibility()"));
    CHECK(visit.paused());
    // What a shot waits for is shown at once, and nothing moves for a button that has gone.
    CHECK(browser.becomes("document.querySelectorAll('.say')[4].textContent.includes('paused')"));
    CHECK(browser.run("return innerWidth - document.getElementById('clock').getBoundingClientRect().right "
                      "< 40") == "true");
    browser.photograph(kPictures / "paused.png");
    browser.run("document.getElementById('resume-all').focus()");
    browser.press(Browser::key_enter);
    CHECK(browser.becomes("document.getElementById('pause-all').checkVisibility()"));
    CHECK_FALSE(visit.paused());
}

TEST_CASE("without the session there are no buttons to act with, and the page says how to get them") {
    Visit visit;
    visit.begin_night();
    REQUIRE(visit.look());
    auto& browser = visit.browser;
    CHECK(browser.becomes("document.getElementById('read-only').checkVisibility()"));
    CHECK(browser.run("return [...document.querySelectorAll('.act')].some(one => one.checkVisibility())") ==
          "false");
    browser.photograph(kPictures / "read-only.png");
    // And a button that was pressed all the same is refused with the server's words.
    browser.run("document.getElementById('pause-all').click()");
    CHECK(browser.becomes("document.getElementById('notes').textContent.includes('reeld dashboard')"));
    CHECK_FALSE(visit.paused());
}

TEST_CASE("the dashboard's address is good for one browser, which no script can take the session from") {
    Visit visit;
    visit.begin_night();
    const std::string address = visit.dashboard();
    visit.browser.open(address);
    REQUIRE(visit.browser.becomes(kMayAct));
    CHECK(visit.browser.run("return document.cookie") == "\"\"");
    CHECK(visit.browser.run("return document.referrer") == "\"\"");
    visit.browser.open(address);
    CHECK(visit.browser.becomes("document.body.textContent.includes('was used already')"));
    visit.browser.photograph(kPictures / "used-address.png");
    visit.browser.open(visit.page() + "/");
    CHECK(visit.browser.becomes(kMayAct));
}

TEST_CASE("the shots can be gone through with the keyboard alone") {
    Entered visit;
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

TEST_CASE("the page says since when it has heard nothing, and goes on by itself, without its session") {
    Entered visit;
    REQUIRE(visit.browser.becomes(kMayAct));
    visit.stop();
    CHECK(visit.browser.becomes(
        "document.getElementById('link').textContent.startsWith('no word from reeld since')"));
    visit.browser.photograph(kPictures / "behind.png");
    visit.start();
    REQUIRE(visit.operate({"cancel", "harbor/market"}).exit_code == 0);
    CHECK(visit.browser.becomes(kLive));
    CHECK(visit.browser.becomes(tile_is(4, "cancelled")));
    CHECK(visit.browser.becomes(kMayNotAct));
}

TEST_CASE("the page fits a phone and a wall, by day and by night") {
    struct Row {
        const char* name;
        Browser::Look screen;
    };
    const std::vector<Row> rows = {{"phone.png", {.width = 390, .height = 844}},
                                   {"phone-dark.png", {.width = 390, .height = 844, .dark = true}},
                                   {"desk-dark.png", {.dark = true}},
                                   {"wall-dark.png", {.width = 2560, .height = 1440, .dark = true}}};
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Entered visit(row.screen);
        CHECK(visit.browser.run("return document.documentElement.scrollWidth <= innerWidth") == "true");
        CHECK(visit.browser.becomes("innerWidth < 700 || "
                                    "document.querySelector('.tile video')?.readyState >= 2"));
        visit.browser.photograph(kPictures / row.name);
    }
}

} // namespace reeld::test
