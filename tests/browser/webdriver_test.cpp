// The driver itself, against pages of a few words, so that a failure of the page's tests is the page's.

#include "daemon/http/server.h"
#include "tests/browser/webdriver.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace reeld::test {

namespace {

constexpr std::string_view kPage = R"(<!doctype html><title>a page</title>
<button id="button" onclick="document.title = 'clicked'">b</button><input id="input" autofocus>
<p hidden id="hidden">h</p>)";

struct Page {
    Loop loop;
    http::Server server{loop, {}, [](const http::Request&, const http::Respond& respond) {
                            respond({.body = std::string(kPage), .content_type = "text/html"});
                        }};
    Browser browser{loop, {.width = 800, .height = 600, .dark = true}};

    Page() { browser.open(fmt::format("http://127.0.0.1:{}/", server.port())); }
};

std::string bytes_in(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

TEST_CASE("base64 becomes bytes, whatever stands around it") {
    CHECK(bytes_of_base64("") == "");
    CHECK(bytes_of_base64("\"cmVlbA==\"") == "reel");
    CHECK(bytes_of_base64("cmVl\nbGQ=") == "reeld");
}

TEST_CASE("a browser opens a page, is clicked and typed into, and says what a script returns") {
    Page page;
    CHECK(page.browser.run("return document.title") == "\"a page\"");
    CHECK(page.browser.run("return [1 + 1, innerWidth, innerHeight]") == "[2,800,600]");
    CHECK(page.browser.run("return matchMedia('(prefers-color-scheme: dark)').matches") == "true");
    page.browser.click("#button");
    CHECK(page.browser.becomes("document.title === 'clicked'"));
    page.browser.click("#input");
    page.browser.press(std::string("r\xC3\xA9"
                                   "el") +
                       Browser::key_tab);
    CHECK(page.browser.run("return document.getElementById('input').value") == "\"r\xC3\xA9"
                                                                               "el\"");
}

TEST_CASE("what cannot be done in a browser is an error that says why") {
    Page page;
    CHECK_THROWS_WITH(page.browser.run("return nothing.there"), doctest::Contains("nothing is not defined"));
    CHECK_THROWS_WITH(page.browser.click("#absent"), doctest::Contains("no such element"));
    CHECK_THROWS_WITH(page.browser.click("#hidden"), doctest::Contains("not interactable"));
    page.browser.run("console.error('ow')");
    const auto complaints = page.browser.complaints();
    REQUIRE(complaints.size() >= 1);
    CHECK(complaints.back().find("ow") != std::string::npos);
}

TEST_CASE("a photograph is a picture of the size of the screen") {
    Page page;
    TempFolder folder;
    page.browser.photograph(folder / "made/for/it.png");
    const std::string png = bytes_in(folder / "made/for/it.png");
    REQUIRE(png.size() > 24);
    CHECK(png.substr(0, 8) == "\x89PNG\r\n\x1A\n");
    CHECK(png.substr(16, 8) == std::string("\0\0\x03\x20\0\0\x02\x58", 8));
}

} // namespace reeld::test
