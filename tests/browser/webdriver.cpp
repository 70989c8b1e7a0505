#include "tests/browser/webdriver.h"

#include "jobs/eachlabs/json_body.h"
#include "tests/support/fetch.h"

#include <array>
#include <fmt/format.h>
#include <fstream>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <stdexcept>
#include <unistd.h>

namespace reeld::test {

namespace {

/// A photograph of a large screen in base64.
constexpr std::size_t kAnswerBytesMax = std::size_t{16} << 20;

std::string quoted(const std::string& text) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    return buffer.GetString();
}

/// The driver says its port on standard output; a Program is listened to on standard error.
ProgramStart driver_start(const TempFolder& home) {
    return {.words = {"/bin/sh", "-c", "exec chromedriver --port=0 >&2"},
            .environment = {{"HOME", home.path().string()}, {"TMPDIR", home.path().string()}},
            .folder = home.path()};
}

/// "… started successfully on port 41234." is written at once.
std::string address_said(Program& driver) {
    constexpr std::string_view kBefore = "started successfully on port ";
    if (!driver.wait_for(std::string(kBefore)))
        throw std::runtime_error("chromedriver did not start: " + driver.said());
    const std::string& said = driver.said();
    const auto from = said.rfind(kBefore) + kBefore.size();
    const auto to = said.find_first_not_of("0123456789", from);
    if (to == std::string::npos) throw std::runtime_error("chromedriver says half a port: " + said);
    return "http://127.0.0.1:" + said.substr(from, to - from);
}

/// Chromium's own sandbox needs another user than root, whom tests in a container have.
std::string capabilities(const Browser::Look& look) {
    const std::string as_root = ::geteuid() == 0 ? R"("--no-sandbox",)" : "";
    return fmt::format(
        R"({{"capabilities":{{"alwaysMatch":{{)"
        R"("goog:loggingPrefs":{{"browser":"ALL"}},"goog:chromeOptions":{{)"
        R"("args":["--headless=new",{}"--hide-scrollbars","--disable-dev-shm-usage","--window-size={},{}",)"
        R"("--autoplay-policy=no-user-gesture-required"]}}}}}}}})",
        as_root, look.width, look.height);
}

std::string value_of(const HttpAnswer& answer) {
    if (answer.outcome != HttpAnswer::Outcome::answered)
        throw std::runtime_error("chromedriver does not answer: " + answer.cause);
    const auto body = eachlabs::parse_body(answer.body);
    const auto* value = body ? eachlabs::member(*body, "value") : nullptr;
    if (answer.status != 200) {
        const auto message = value == nullptr ? answer.body : eachlabs::string_member(*value, "message");
        throw std::runtime_error("chromedriver refuses: " + std::string(message.substr(0, 500)));
    }
    return value == nullptr ? "null" : eachlabs::compact_json(*value);
}

std::string member_text(const std::string& json, std::string_view name) {
    const auto document = eachlabs::parse_body(json);
    return document ? std::string(eachlabs::string_member(*document, name)) : std::string();
}

} // namespace

Browser::Browser(Loop& loop, const Look& look)
    : loop_(loop), http_(loop, {}), driver_(driver_start(home_)), address_(address_said(driver_)) {
    session_ = "/session/" + member_text(ask("POST", "/session", capabilities(look)), "sessionId");
    devtools("Emulation.setDeviceMetricsOverride",
             fmt::format(R"({{"width":{},"height":{},"deviceScaleFactor":1,"mobile":false}})", look.width,
                         look.height));
    devtools("Emulation.setEmulatedMedia",
             fmt::format(R"({{"features":[{{"name":"prefers-color-scheme","value":"{}"}},)"
                         R"({{"name":"prefers-reduced-motion","value":"{}"}}]}})",
                         look.dark ? "dark" : "light", look.quiet_motion ? "reduce" : "no-preference"));
}

Browser::~Browser() {
    try {
        // The browser is a child of the driver's, which closes it only when it is asked to.
        ask("GET", "/shutdown", "");
    } catch (const std::exception&) {
        // A driver that is gone has nothing to close, and the folder is removed all the same.
        return;
    }
}

void Browser::open(const std::string& url) {
    in_session("/url", fmt::format(R"({{"url":{}}})", quoted(url)));
}

std::string Browser::run(const std::string& script) {
    return in_session("/execute/sync", fmt::format(R"({{"script":{},"args":[]}})", quoted(script)));
}

bool Browser::becomes(const std::string& expression) {
    const Instant until = loop_.now().at + patience;
    const std::string script = fmt::format("return Boolean({})", expression);
    while (loop_.now().at < until) {
        if (run(script) == "true") return true;
        loop_.turn(std::chrono::milliseconds{20});
    }
    return false;
}

void Browser::click(const std::string& selector) {
    const auto found =
        in_session("/element", fmt::format(R"({{"using":"css selector","value":{}}})", quoted(selector)));
    // The key by which WebDriver's standard names an element.
    const auto element = member_text(found, "element-6066-11e4-a52e-4f735466cecf");
    in_session("/element/" + element + "/click", "{}");
}

void Browser::press(const std::string& keys) {
    std::string actions;
    for (std::size_t at = 0; at < keys.size();) {
        std::size_t end = at + 1;
        while (end < keys.size() && (static_cast<unsigned char>(keys[end]) & 0xC0U) == 0x80U) ++end;
        const auto key = quoted(keys.substr(at, end - at));
        actions += fmt::format(R"({}{{"type":"keyDown","value":{}}},{{"type":"keyUp","value":{}}})",
                               actions.empty() ? "" : ",", key, key);
        at = end;
    }
    in_session("/actions",
               fmt::format(R"({{"actions":[{{"type":"key","id":"keys","actions":[{}]}}]}})", actions));
}

void Browser::photograph(const std::filesystem::path& file) {
    std::string text = ask("GET", session_ + "/screenshot", "");
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes_of_base64(text);
}

std::vector<std::string> Browser::complaints() {
    const auto entries = eachlabs::parse_body(in_session("/se/log", R"({"type":"browser"})"));
    std::vector<std::string> found;
    if (!entries || !entries->IsArray()) return found;
    for (const auto& entry : entries->GetArray()) {
        if (eachlabs::string_member(entry, "level") == "SEVERE")
            found.emplace_back(eachlabs::string_member(entry, "message"));
    }
    return found;
}

std::string Browser::ask(const std::string& method, const std::string& path, const std::string& body) {
    HttpRequest request{.kind = HttpRequest::Kind::once, .method = method, .url = address_ + path};
    if (!body.empty()) request.headers = {"Content-Type: application/json"};
    request.body = body;
    request.answer_bytes_max = kAnswerBytesMax;
    request.total_timeout = 2 * patience;
    return value_of(fetch(loop_, http_, std::move(request)));
}

std::string Browser::in_session(const std::string& path, const std::string& body) {
    return ask("POST", session_ + path, body);
}

void Browser::devtools(const std::string& command, const std::string& parameters) {
    in_session("/goog/cdp/execute", fmt::format(R"({{"cmd":"{}","params":{}}})", command, parameters));
}

std::string bytes_of_base64(std::string_view text) {
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned gathered = 0;
    int bits = 0;
    for (const char letter : text) {
        const auto six = kLetters.find(letter);
        if (six == std::string_view::npos) continue;
        gathered = (gathered << 6U | static_cast<unsigned>(six)) & 0xFFFFU;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes.push_back(static_cast<char>(gathered >> static_cast<unsigned>(bits) & 0xFFU));
    }
    return bytes;
}

} // namespace reeld::test
