/// A Chromium without a window, driven over WebDriver: what a person does and sees, for tests of the page.
///
/// It starts Debian's chromedriver on a free loopback port and speaks its JSON; the requests are sent and
/// waited for on the test's own loop, so that a server on that loop answers meanwhile. Scripts are bodies of
/// functions, as WebDriver has it: they `return` what is wanted, and it arrives as JSON text.
///
/// Threading: the loop's. Errors: whatever the driver refuses, and a script that throws, is a
/// std::runtime_error with the driver's words, which fails the test. What does not come true in time is
/// false.
#pragma once

#include "daemon/loop/loop.h"
#include "daemon/net/http.h"
#include "tests/support/program.h"
#include "tests/support/temp_folder.h"

#include <filesystem>
#include <string>
#include <vector>

namespace reeld::test {

class Browser {
public:
    /// A screen and what its owner prefers.
    struct Look {
        int width = 1440;
        int height = 900;
        bool dark = false;
        bool quiet_motion = false;
    };

    /// Long enough for a busy machine; a test that waits so long has failed.
    static constexpr Duration patience = std::chrono::seconds{30};

    Browser(Loop& loop, const Look& look);
    ~Browser(); ///< Ends the driver and with it the browser.
    Browser(const Browser&) = delete;
    Browser& operator=(const Browser&) = delete;

    /// Returns when the document and what it refers to has been loaded.
    void open(const std::string& url);

    /// Runs the script in the page; its result as compact JSON, "null" when it returns nothing.
    std::string run(const std::string& script);

    /// Whether the expression becomes true within `patience`. Looked at again and again.
    bool becomes(const std::string& expression);

    /// Clicks the middle of the first element that the CSS selector finds, as a mouse does: what covers it
    /// or hides it is an error.
    void click(const std::string& selector);

    /// Types into whatever has the focus. Keys without a letter are WebDriver's code points: key_enter, ….
    void press(const std::string& keys);

    static constexpr const char* key_tab = "\xEE\x80\x84";
    static constexpr const char* key_enter = "\xEE\x80\x87";
    static constexpr const char* key_escape = "\xEE\x80\x8C";
    static constexpr const char* key_right = "\xEE\x80\x94";
    static constexpr const char* key_end = "\xEE\x80\x90";

    /// Writes what is on the screen as a PNG file, and makes its folder.
    void photograph(const std::filesystem::path& file);

    /// What the console has complained of since the last call: errors, and what the policy forbade.
    std::vector<std::string> complaints();

private:
    std::string ask(const std::string& method, const std::string& path, const std::string& body);
    std::string in_session(const std::string& path, const std::string& body);
    void devtools(const std::string& command, const std::string& parameters);

    Loop& loop_;
    Http http_;
    TempFolder home_;
    Program driver_;
    std::string address_; ///< Of the driver.
    std::string session_; ///< Its path at the driver.
};

/// The bytes of a base64 text; what is no base64 is left out.
[[nodiscard]] std::string bytes_of_base64(std::string_view text);

} // namespace reeld::test
