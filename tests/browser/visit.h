/// Somebody looks at a night in a browser: the real daemon, before a sandbox of its own, and Chromium.
///
/// One batch, "harbor", of five shots on an account of three slots: gulls is done, with a clip; sunrise, mist
/// and dunes render for longer than any test lasts; market waits for a slot.
///
/// Threading: one loop, on which the browser is driven; the daemon and the sandbox are processes.
#pragma once

#include "tests/browser/webdriver.h"
#include "tests/daemon/cli/steered_night.h"

#include <filesystem>
#include <fmt/format.h>
#include <string>

namespace reeld::test {

/// Where the photographs go: for a person to look at.
inline const std::filesystem::path kPictures = REELD_SCREENSHOTS;

class Visit : public SteeredNight {
public:
    static constexpr int shots = 5;

    explicit Visit(const Browser::Look& look = {})
        : SteeredNight({"--model", "quick=30ms", "--model", "slow=5h", "--concurrent", "3"}),
          browser(loop, look), page_(listen_for_browsers()) {
        configure("limits", "{ creates: 100, per: 60s, concurrent: 3 }");
        start();
    }

    /// Has the daemon take "harbor", and returns when it is as described above.
    void begin_night() {
        const auto end = operate({"submit", write("harbor.yaml", R"(storyboard: harbor
model: slow
shots:
  - { id: gulls, model: quick, prompt: "A gull lands on a wet railing, the harbor behind it dark" }
  - { id: sunrise, prompt: "A drone glides over a sleeping harbor at sunrise, 35mm film" }
  - { id: mist, prompt: "Mist lifts from the water between the moored boats" }
  - { id: dunes, prompt: "Wind draws lines into the dunes behind the mole" }
  - { id: market, prompt: "Fishmongers set up their stalls in the first light" }
)")});
        REQUIRE(end.exit_code == 0);
        REQUIRE(daemon().wait_for("harbor/dunes is rendering"));
    }

    [[nodiscard]] const std::string& page() const { return page_; }

    /// What `reeld dashboard` prints.
    [[nodiscard]] std::string dashboard() const {
        const std::string said = operate({"dashboard", "--quiet"}).out;
        return said.substr(0, said.find('\n'));
    }

    /// Opens the page as `reeld dashboard` says, or without a session; whether it shows its shots in time: in
    /// its reel, and, where the screen has room for them, in the sheet.
    bool enter() { return shows(dashboard()); }
    bool look() { return shows(page_ + "/"); }

    /// "queued", "rendering", …, by the daemon's own word.
    [[nodiscard]] std::string state_of(const std::string& shot) const {
        return ask({"status", "harbor/" + shot})["state"].GetString();
    }
    [[nodiscard]] bool paused() const { return ask({"status"})["account"]["paused"].GetBool(); }

    Loop loop;
    Browser browser;

private:
    bool shows(const std::string& url) {
        browser.open(url);
        const auto in_reel =
            fmt::format("document.querySelectorAll('#reel[data-frames] i').length === {}", shots);
        const std::string in_sheet = "document.querySelector('.tile:not([data-state=unknown])')";
        return browser.becomes(in_reel) && browser.becomes("innerWidth < 700 || " + in_sheet);
    }

    std::string page_;
};

} // namespace reeld::test
