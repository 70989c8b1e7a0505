// Who is let do what on the page's port: each row is a request as some browser, program or stranger's page
// would send it, over a real socket, and what becomes of it.

#include "tests/daemon/control/opened_page.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace reeld::test {

namespace {

constexpr const char* kNone = nullptr; ///< The header is not sent.

/// HOST and ORIGIN may hold "PORT", which stands for the server's.
struct Row {
    const char* method;
    const char* host;
    const char* origin;
    const char* site; ///< Sec-Fetch-Site.
    bool session;
    bool header; ///< X-Reeld-Action: 1.
    int status;  ///< Of /v1/pause for a POST, of /v1/status for all else.
};

constexpr const char* kHost = "127.0.0.1:PORT";
constexpr const char* kOwn = "http://127.0.0.1:PORT";

const std::vector<Row> kRows = {
    // The page's own questions, and those of programs.
    {"GET", kHost, kNone, kNone, false, false, 200},
    {"GET", kHost, kNone, "same-origin", false, false, 200},
    {"GET", kHost, kNone, "none", false, false, 200},
    {"HEAD", kHost, kNone, "same-origin", false, false, 200},
    {"GET", "localhost:PORT", kNone, "same-origin", false, false, 200},
    {"GET", "LOCALHOST:PORT", "http://localhost:PORT", "same-origin", false, false, 200},
    {"GET", "localhost", kNone, kNone, false, false, 200},
    {"GET", "[::1]:PORT", kNone, kNone, false, false, 200},
    // A tunnel of this user's (ssh -L 9000:…) keeps the name and changes the port.
    {"GET", "localhost:9000", kNone, "same-origin", false, false, 200},
    {"POST", "localhost:9000", "http://localhost:9000", "same-origin", true, true, 200},
    // Questions of other sites.
    {"GET", kHost, kNone, "cross-site", false, false, 403},
    {"GET", kHost, kNone, "cross-site", true, false, 403},
    {"GET", kHost, kNone, "same-site", true, false, 403},
    {"GET", kHost, kNone, "anything", false, false, 403},
    {"GET", kHost, kNone, "", false, false, 403},
    {"GET", kHost, "http://evil.test", kNone, false, false, 403},
    {"GET", kHost, "http://127.0.0.1:1", kNone, false, false, 403},
    {"GET", kHost, "null", kNone, true, false, 403},
    // Names that the daemon does not have: a stranger's name that leads here.
    {"GET", "evil.test", kNone, "same-origin", false, false, 421},
    {"GET", "evil.test:PORT", kNone, "same-origin", true, false, 421},
    {"POST", "evil.test:PORT", "http://evil.test:PORT", "same-origin", true, true, 421},
    {"POST", "127.0.0.1.evil.test", kNone, kNone, true, true, 421},
    {"GET", "127.0.0.2:PORT", kNone, kNone, false, false, 421},
    {"GET", "reeld.test.evil.test", kNone, kNone, false, false, 421},
    {"GET", "", kNone, kNone, false, false, 421},
    // A configured name: others may come by it, so that looking takes a session, too.
    {"GET", "reeld.test", kNone, kNone, false, false, 403},
    {"GET", "reeld.test:PORT", kNone, "same-origin", true, false, 200},
    {"POST", "reeld.test:PORT", "http://reeld.test:PORT", kNone, true, true, 200},
    {"POST", "reeld.test:PORT", "http://reeld.test:PORT", kNone, false, true, 403},
    // The page's own changes, and those of programs with its cookie.
    {"POST", kHost, kOwn, "same-origin", true, true, 200},
    {"POST", kHost, kOwn, kNone, true, true, 200},
    {"POST", kHost, kNone, kNone, true, true, 200},
    {"POST", "localhost:PORT", "http://localhost:PORT", "same-origin", true, true, 200},
    {"POST", kHost, "HTTP://127.0.0.1:PORT", "same-origin", true, true, 200},
    // Without the session, without the header.
    {"POST", kHost, kOwn, "same-origin", false, true, 403},
    {"POST", kHost, kNone, kNone, false, true, 403},
    {"POST", kHost, kOwn, "same-origin", true, false, 403},
    {"POST", kHost, kNone, kNone, true, false, 403},
    // Changes of other sites, with all that a browser could be made to send.
    {"POST", kHost, "http://evil.test", "cross-site", true, true, 403},
    {"POST", kHost, "http://evil.test", kNone, true, true, 403},
    {"POST", kHost, kOwn, "cross-site", true, true, 403},
    {"POST", kHost, kOwn, "same-site", true, true, 403},
    {"POST", kHost, kOwn, "none", true, true, 403},
    {"POST", kHost, kOwn, "", true, true, 403},
    {"POST", kHost, "null", "same-origin", true, true, 403},
    {"POST", kHost, "null", kNone, true, true, 403},
    {"POST", kHost, "", kNone, true, true, 403},
    {"POST", kHost, "http://127.0.0.1", "same-origin", true, true, 403},
    {"POST", kHost, "http://127.0.0.1:1", "same-site", true, true, 403},
    {"POST", kHost, "https://127.0.0.1:PORT", kNone, true, true, 403},
    {"POST", kHost, "http://localhost:PORT", kNone, true, true, 403},
    {"POST", kHost, "http://127.0.0.1:PORT.evil.test", kNone, true, true, 403},
    {"POST", kHost, "http://127.0.0.1:PORT/", kNone, true, true, 403},
    {"POST", kHost, "file://", kNone, true, true, 403},
    // Methods that are not spoken here, a preflight among them.
    {"OPTIONS", kHost, "http://evil.test", "cross-site", true, false, 405},
    {"OPTIONS", kHost, kOwn, "same-origin", true, true, 405},
    {"PUT", kHost, kOwn, "same-origin", true, true, 405},
    {"DELETE", kHost, kOwn, "same-origin", true, true, 405},
    {"PATCH", kHost, kOwn, "same-origin", true, true, 405},
    {"PROPFIND", kHost, kNone, kNone, false, false, 405},
    {"get", kHost, kNone, kNone, false, false, 405},
    {"TRACE", kHost, kNone, kNone, true, true, 501},
    {"CONNECT", kHost, kNone, kNone, true, true, 501},
};

std::string filled(std::string text, std::uint16_t port) {
    const auto at = text.find("PORT");
    return at == std::string::npos ? text : text.replace(at, 4, std::to_string(port));
}

void add_line(std::string& lines, const char* name, const char* value, std::uint16_t port) {
    if (value != kNone) lines += fmt::format("{}: {}\r\n", name, filled(value, port));
}

} // namespace

TEST_CASE("a request is answered by its Host, its Origin, its site, its method and its session") {
    OpenedPage it;
    const std::string cookie = it.cookie_line();
    for (const Row& row : kRows) {
        CAPTURE(row.method);
        CAPTURE(row.host);
        CAPTURE(row.origin);
        CAPTURE(row.site);
        CAPTURE(row.session);
        CAPTURE(row.header);
        std::string lines;
        add_line(lines, "Host", row.host, it.page.port());
        add_line(lines, "Origin", row.origin, it.page.port());
        add_line(lines, "Sec-Fetch-Site", row.site, it.page.port());
        if (row.session) lines += cookie;
        if (row.header) lines += "X-Reeld-Action: 1\r\n";
        const bool acts = std::string_view(row.method) == "POST";
        const bool before = it.paused();
        const std::string answer =
            it.ask(row.method, acts ? (before ? "/v1/resume" : "/v1/pause") : "/v1/status", lines);
        CHECK(status_of(answer) == row.status);
        CHECK((it.paused() != before) == (acts && row.status == 200));
        CHECK(answer.find("Access-Control-") == std::string::npos);
    }
}

} // namespace reeld::test
