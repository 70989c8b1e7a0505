// A batch of ten thousand shots before a real browser: how soon it is there, how far behind, how fluent. The
// figures are printed.

#include "tests/browser/visit.h"

#include <algorithm>
#include <chrono>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <vector>

namespace reeld::test {

namespace {

constexpr int kTenThousand = 10000;

struct LargeNight : SteeredNight {
    LargeNight()
        : SteeredNight({"--time", "5h", "--model", "slow=5h", "--concurrent", "10"}),
          page(listen_for_browsers()) {
        start();
        std::string yaml = "storyboard: saga\nmodel: slow\nshots:\n";
        for (int shot = 1; shot <= kTenThousand; ++shot)
            yaml += fmt::format("  - {{ id: s-{0}, prompt: \"A gull lands on a wet railing, take {0}\" }}\n",
                                shot);
        REQUIRE(operate({"submit", write("saga.yaml", yaml)}).exit_code == 0);
        REQUIRE(daemon().wait_for("saga/s-10 is rendering"));
    }
    std::string page;
};

double wall_ms(const Loop& loop) {
    return std::chrono::duration<double, std::milli>(loop.now().wall.time_since_epoch()).count();
}

/// Notes when the page first has what it should; `condition` is looked at whenever the document changes.
std::string watch_for(const std::string& name, const std::string& condition) {
    return fmt::format("window.{0} = 0; window.observer?.disconnect();"
                       "const look = () => {{ if (!window.{0} && ({1})) window.{0} = Date.now(); }};"
                       "window.observer = new MutationObserver(look);"
                       "window.observer.observe(document, {{ subtree: true, childList: true, "
                       "attributes: true, characterData: true }});",
                       name, condition);
}

/// Scrolls through all shots in two hundred steps, one a frame, and notes how long each frame took.
constexpr const char* kScroll = R"(
    window.frames = []; window.scrolled = false;
    const end = document.documentElement.scrollHeight - innerHeight;
    let step = 0, before = performance.now();
    const go = now => {
      frames.push(now - before); before = now;
      if (++step > 200) { window.rested = performance.now(); window.scrolled = true; return; }
      scrollTo(0, end * step / 200);
      requestAnimationFrame(go);
    };
    requestAnimationFrame(go);)";

} // namespace

TEST_CASE("ten thousand shots are there within a second, and go on within a second") {
    LargeNight night;
    Loop loop;
    Browser browser(loop, {.height = 1600});
    std::vector<double> paints;
    std::vector<double> sheets;
    for (int visit = 0; visit < 5; ++visit) {
        browser.open("about:blank");
        browser.open(night.page + "/");
        REQUIRE(browser.becomes("document.querySelector('.tile[data-state=queued]')"));
        const auto milliseconds = [&](const std::string& script) {
            return std::stod(browser.run(script));
        };
        paints.push_back(
            milliseconds("return performance.getEntriesByName('first-contentful-paint')[0].startTime"));
        sheets.push_back(milliseconds("return Math.max(...performance.getEntriesByType('resource').filter("
                                      "one => one.name.includes('offset=0')).map(one => one.responseEnd))"));
    }
    std::ranges::sort(paints);
    std::ranges::sort(sheets);
    MESSAGE(
        fmt::format("first paint of {} shots: median {:.0f} ms, worst of 5 {:.0f} ms; the first shots' facts "
                    "arrived after {:.0f} ms, {:.0f} ms",
                    kTenThousand, paints[2], paints[4], sheets[2], sheets[4]));
    CHECK(paints[2] <= 1000);
    CHECK(sheets[2] <= 1000);
    std::vector<double> behind;
    for (int shot = 11; shot <= 20; ++shot) {
        const std::string id = fmt::format("s-{}", shot);
        browser.run(
            watch_for("seen", fmt::format("[...document.querySelectorAll('.tile[data-state=cancelled] "
                                          ".name')].some(one => one.textContent === '{}')",
                                          id)));
        const double before = wall_ms(loop);
        REQUIRE(night.operate({"cancel", "saga/" + id}).exit_code == 0);
        const double done = wall_ms(loop);
        REQUIRE(browser.becomes("window.seen > 0"));
        const double seen = std::stod(browser.run("return window.seen"));
        CHECK(seen >= before - 1);
        behind.push_back(std::max(0.0, seen - done));
    }
    std::ranges::sort(behind);
    MESSAGE(
        fmt::format("a cancelled shot is shown {:.0f} ms after the command's end in the median, {:.0f} ms "
                    "at worst of {}",
                    behind[behind.size() / 2], behind.back(), behind.size()));
    CHECK(behind[behind.size() / 2] <= 1000);
    CHECK(behind.back() <= 1000);
}

TEST_CASE("ten thousand shots are scrolled through without a halt") {
    LargeNight night;
    Loop loop;
    Browser browser(loop, {});
    browser.open(night.page + "/");
    REQUIRE(browser.becomes("document.querySelector('.tile[data-state=queued]')"));
    browser.run(kScroll);
    REQUIRE(browser.becomes("window.scrolled"));
    const auto figure = [&](const std::string& expression) {
        return std::stod(
            browser.run("const all = [...window.frames].sort((a, b) => a - b); return " + expression));
    };
    const double median = figure("all[all.length >> 1]");
    const double late = figure("all[Math.floor(all.length * 0.95)]");
    const double worst = figure("all.at(-1)");
    CHECK(browser.becomes("[...document.querySelectorAll('.tile')].every(one => "
                          "one.dataset.state === 'queued') && (window.whole = performance.now())"));
    MESSAGE(fmt::format(
        "scrolling through {} shots in 200 frames: median {:.0f} ms a frame, 95% {:.0f} ms, worst "
        "{:.0f} ms; all in view known {:.0f} ms after; {:.0f} elements",
        kTenThousand, median, late, worst, figure("window.whole - window.rested"),
        figure("document.querySelectorAll('*').length")));
    CHECK(late <= 100);
    CHECK(figure("document.querySelectorAll('*').length") <= 3000);
    CHECK(browser.complaints().empty());
}

} // namespace reeld::test
