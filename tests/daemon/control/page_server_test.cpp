#include "daemon/control/page_server.h"

#include "daemon/control/page/page_files.h"
#include "tests/daemon/control/opened_page.h"

#include <doctest/doctest.h>
#include <memory>
#include <vector>

namespace reeld::test {

namespace {

std::string header_of(const std::string& answer, const std::string& name) {
    const auto at = answer.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto from = at + name.size() + 4;
    return answer.substr(from, answer.find("\r\n", from) - from);
}

} // namespace

TEST_CASE("the page's files are served as they are, and are asked for again when they have changed") {
    OpenedPage it;
    for (const PageFile& file : page_files()) {
        CAPTURE(file.path);
        const std::string answer = it.ask("GET", file.path, it.host_line());
        CHECK(status_of(answer) == 200);
        CHECK(body_of(answer) == file.bytes);
        CHECK(header_of(answer, "Content-Type") == file.content_type);
        CHECK(status_of(it.ask("POST", file.path, it.host_line())) == 405);
        const std::string tag = header_of(answer, "ETag");
        const std::string again =
            it.ask("GET", file.path, it.host_line() + fmt::format("If-None-Match: {}\r\n", tag));
        CHECK(status_of(again) == (file.path == "/" ? 200 : 304));
    }
    CHECK(status_of(it.ask("GET", "/favicon.ico", it.host_line())) == 204);
    for (const char* nothing : {"/index.html", "/v1", "/v1/", "/v2/status", "/page.css/", "//", "/session/x"})
        CHECK(status_of(it.ask("GET", nothing, it.host_line())) == 404);
}

TEST_CASE("the page's policy allows videos of the clips' hosts, and nothing else of anybody's") {
    OpenedPage it;
    const std::string before = header_of(it.ask("GET", "/", it.host_line()), "Content-Security-Policy");
    CHECK(before == std::string(kPagePolicy) + "; media-src 'self'");
    Event event;
    event.fact = event::PredictionSucceeded{
        .shot = {}, .rendered = {.urls = {"https://cdn.test/a.mp4", "https://x;script-src */"}}};
    it.clips.note(event);
    const std::string after = header_of(it.ask("GET", "/", it.host_line()), "Content-Security-Policy");
    CHECK(after == before + " https://cdn.test");
}

TEST_CASE("every reply says that it is not to be guessed at, framed, referred to or shared") {
    OpenedPage it;
    for (const char* target : {"/", "/page.js", "/v1/status", "/v1/session", "/metrics", "/nothing",
                               "/session?token=x", "/%00", "/v1/batches/none"}) {
        CAPTURE(target);
        const std::string answer = it.ask("GET", target, it.host_line());
        CHECK(has_line(answer, "X-Content-Type-Options: nosniff"));
        CHECK(has_line(answer, "Referrer-Policy: no-referrer"));
        CHECK(has_line(answer, "Cross-Origin-Opener-Policy: same-origin"));
        CHECK(has_line(answer, "Cross-Origin-Resource-Policy: same-origin"));
        CHECK(header_of(answer, "Content-Security-Policy").find("frame-ancestors 'none'") !=
              std::string::npos);
    }
    CHECK(has_line(it.ask("GET", "/v1/status", it.host_line()), "Cache-Control: no-store"));
}

TEST_CASE("an address of the dashboard lets one browser in, once, and tells no script of it") {
    OpenedPage it;
    const std::string door = it.door();
    const std::string answer = it.ask("GET", door, it.host_line() + "Sec-Fetch-Site: cross-site\r\n");
    CHECK(status_of(answer) == 303);
    CHECK(has_line(answer, "Location: /"));
    CHECK(has_line(answer, "Cache-Control: no-store"));
    const std::string cookie = header_of(answer, "Set-Cookie");
    CHECK(cookie.starts_with(fmt::format("reeld_{}=", it.page.port())));
    CHECK(cookie.ends_with("; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict"));
    CHECK(it.let_in == 1);
    const std::string second = it.ask("GET", door, it.host_line());
    CHECK(status_of(second) == 403);
    CHECK(header_of(second, "Set-Cookie").empty());
    CHECK(body_of(second).find("reeld dashboard") != std::string::npos);
    CHECK(it.let_in == 1);
}

TEST_CASE("an address of the dashboard is not used up by who only looks at it") {
    OpenedPage it;
    const std::string door = it.door();
    CHECK(status_of(it.ask("HEAD", door, it.host_line())) == 405);
    CHECK(status_of(it.ask("POST", door, it.host_line())) == 405);
    CHECK(status_of(it.ask("GET", door, it.host_line() + "Sec-Purpose: prefetch;prerender\r\n")) == 403);
    CHECK(status_of(it.ask("GET", door, it.host_line() + "Purpose: prefetch\r\n")) == 403);
    CHECK(status_of(it.ask("GET", door, "Host: evil.test\r\n")) == 421);
    CHECK(status_of(it.ask("GET", "/session?token=" + std::string(32, '0'), it.host_line())) == 403);
    CHECK(status_of(it.ask("GET", "/session", it.host_line())) == 403);
    CHECK(status_of(it.ask("GET", door, it.host_line())) == 303);
}

TEST_CASE("a page learns whether its browser may act, and a wrong cookie is none") {
    OpenedPage it;
    const auto session = [&](const std::string& lines) {
        return body_of(it.ask("GET", "/v1/session", it.host_line() + lines));
    };
    const std::string cookie = it.cookie_line();
    CHECK(session("") == R"({"may_act":false})");
    CHECK(session(cookie) == R"({"may_act":true})");
    CHECK(session(fmt::format("Cookie: reeld_{}=\r\n", it.page.port())) == R"({"may_act":false})");
    CHECK(session(fmt::format("Cookie: reeld_{}={}\r\n", it.page.port(), std::string(32, '0'))) ==
          R"({"may_act":false})");
    CHECK(session("Cookie: reeld_1=" + cookie.substr(cookie.find('=') + 1)) == R"({"may_act":false})");
}

TEST_CASE("a cookie of that name that another server of this host has set locks nobody out") {
    OpenedPage it;
    const std::string cookie = it.cookie_line();
    const std::string own = cookie.substr(8, cookie.size() - 10);
    const std::string other = fmt::format("reeld_{}=shadow", it.page.port());
    for (const std::string& both : {other + "; " + own, own + "; " + other}) {
        const std::string answer = it.ask("GET", "/v1/session", it.host_line() + "Cookie: " + both + "\r\n");
        CHECK(body_of(answer) == R"({"may_act":true})");
    }
}

TEST_CASE("what a web server has passed on takes a session to look, also when it wrote its own Host") {
    OpenedPage it;
    const std::string passed = it.host_line() + "X-Forwarded-For: 203.0.113.9\r\n";
    for (const char* target : {"/v1/status", "/v1/events", "/v1/batches/harbor", "/v1/history"}) {
        CAPTURE(target);
        CHECK(status_of(it.ask("GET", target, passed)) == 403);
    }
    CHECK(status_of(it.ask("GET", "/v1/status", passed + it.cookie_line())) == 200);
}

TEST_CASE("nobody gets a session on the port, not even with one") {
    OpenedPage it;
    const std::string lines = it.host_line() + it.cookie_line() + "X-Reeld-Action: 1\r\n";
    CHECK(status_of(it.ask("POST", "/v1/sessions", lines)) == 404);
    CHECK(status_of(it.ask("GET", "/v1/sessions", lines)) == 404);
    CHECK(status_of(it.ask("POST", "/v1/session", lines)) == 405);
}

TEST_CASE("what costs money takes a session: nothing is retried, resolved or submitted without") {
    OpenedPage it;
    const std::string session = it.cookie_line();
    const std::vector<std::string> strangers = {
        "", "X-Reeld-Action: 1\r\n", session, session + "X-Reeld-Action: 1\r\nOrigin: http://evil.test\r\n",
        session + "X-Reeld-Action: 1\r\nSec-Fetch-Site: cross-site\r\n"};
    for (const char* deed :
         {"/v1/batches?name=x", "/v1/batches/harbor/retry", "/v1/batches/harbor/cancel",
          "/v1/batches/harbor/shots/shot-1/retry", "/v1/resume", "/v1/batches/harbor/shots/shot-1/resolve"}) {
        CAPTURE(deed);
        for (const std::string& lines : strangers)
            CHECK(status_of(it.ask("POST", deed, it.host_line() + lines, "shots: [a]")) == 403);
        CHECK(status_of(it.ask("GET", deed, it.host_line() + session + "X-Reeld-Action: 1\r\n")) == 405);
    }
    CHECK(it.app.app.queue().ledger().batches().size() == 1);
    const std::string lines = it.host_line() + session + "X-Reeld-Action: 1\r\n";
    const std::string yaml = "model: kling-v3-pro-text-to-video\nshots: [A gull]\n";
    CHECK(status_of(it.ask("POST", "/v1/batches?name=quay", lines, yaml)) == 201);
    CHECK(it.app.app.queue().ledger().batches().size() == 2);
}

TEST_CASE("a storyboard that is too large for the port is refused with the way that takes it") {
    OpenedPage it;
    const std::string answer =
        it.exchange(fmt::format("POST /v1/batches HTTP/1.1\r\n{}Content-Length: {}\r\n\r\n", it.host_line(),
                                PageServer::body_bytes_max + 1));
    CHECK(status_of(answer) == 413);
    CHECK(body_of(answer).find("reeld submit") != std::string::npos);
}

TEST_CASE("so many pages are told of changes at once, and one that is closed makes room for another") {
    OpenedPage it;
    const std::string request = fmt::format("GET /v1/events HTTP/1.1\r\n{}\r\n", it.host_line());
    std::vector<std::unique_ptr<RawClient>> open;
    for (std::size_t page = 0; page < ChangeFeed::listeners_max; ++page) {
        open.push_back(std::make_unique<RawClient>(it.app.loop, it.page.port()));
        open.back()->send(request);
        open.back()->turn_until(
            [&] { return open.back()->received().find("event: status") != std::string::npos; });
    }
    const std::string refused = it.exchange(request);
    CHECK(status_of(refused) == 503);
    CHECK(body_of(refused).find("close some") != std::string::npos);
    const auto before = it.page.connections();
    open.erase(open.begin());
    open.front()->turn_until([&] { return it.page.connections() < before; });
    RawClient another(it.app.loop, it.page.port());
    another.send(request);
    another.turn_until([&] { return another.received().find("event: status") != std::string::npos; });
    // Who listened before goes on to hear.
    it.app.accept("quay", 1);
    open.back()->turn_until([&] { return open.back()->received().find("quay") != std::string::npos; });
}

} // namespace reeld::test
