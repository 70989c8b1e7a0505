// What strangers send to the page's port, byte for byte. The server's own cases stand in tests/daemon/http;
// these are about what this door has to lose: a session, a deed, a place.

#include "tests/daemon/control/opened_page.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <vector>

namespace reeld::test {

namespace {

struct Stranger {
    const char* what;
    std::string bytes;
    int status; ///< 0: the connection ends without an answer.
};

/// A change with everything that it needs, to be smuggled in.
std::string deed(const OpenedPage& it, const std::string& cookie) {
    return fmt::format("POST /v1/pause HTTP/1.1\r\n{}{}X-Reeld-Action: 1\r\nContent-Length: 0\r\n\r\n",
                       it.host_line(), cookie);
}

std::string get(const OpenedPage& it, std::string_view target, std::string_view lines = "") {
    return fmt::format("GET {} HTTP/1.1\r\n{}{}\r\n", target, it.host_line(), lines);
}

std::vector<Stranger> about_hosts(const OpenedPage& it) {
    const std::string own = it.host_line();
    return {
        {"no Host", "GET /v1/status HTTP/1.1\r\n\r\n", 400},
        {"two Hosts, the own one first", get(it, "/v1/status", "Host: evil.test\r\n"), 400},
        {"two Hosts, the own one last", "GET / HTTP/1.1\r\nHost: evil.test\r\n" + own + "\r\n", 400},
        {"a whole URI of another host", get(it, "http://evil.test/v1/status"), 400},
        {"a whole URI of this host", get(it, "http://127.0.0.1/v1/status"), 400},
        {"another host's name with this one's behind it", "GET / HTTP/1.1\r\nHost: a@127.0.0.1\r\n\r\n", 400},
        {"two names in a Host", "GET / HTTP/1.1\r\nHost: 127.0.0.1, evil.test\r\n\r\n", 400},
        {"a name with a dot behind it", "GET / HTTP/1.1\r\nHost: localhost.\r\n\r\n", 421},
        {"a name for the whole of this machine", "GET / HTTP/1.1\r\nHost: 0.0.0.0\r\n\r\n", 421},
        {"this machine's address as a number", "GET / HTTP/1.1\r\nHost: 2130706433\r\n\r\n", 421},
    };
}

std::vector<Stranger> about_paths(const OpenedPage& it) {
    return {
        {"a path that climbs", get(it, "/../../etc/passwd"), 400},
        {"a path that climbs in the page", get(it, "/page.css/../page.js"), 400},
        {"a path that climbs, encoded", get(it, "/%2e%2e/etc/passwd"), 400},
        {"a path that climbs, encoded twice", get(it, "/%252e%252e/etc/passwd"), 404},
        {"a path with an encoded NUL", get(it, "/page.js%00.html"), 400},
        {"an API path with an encoded NUL", get(it, "/v1/status%00"), 400},
        {"an API path in capitals", get(it, "/V1/status"), 404},
        {"two slashes before the API", get(it, "//v1/status"), 404},
        {"an encoded slash in the API", get(it, "/v1%2Fstatus"), 200},
        {"an encoded deed that is asked for", get(it, "/v1%2Fpause"), 405},
        {"a batch of another name", get(it, "/v1/batches/..%2f..%2fetc"), 400},
        {"a target with a fragment", get(it, "/#x"), 400},
        {"no path", get(it, "*"), 400},
    };
}

std::vector<Stranger> about_sessions(const OpenedPage& it, const std::string& cookie) {
    const std::string own = it.host_line();
    const auto post = [&](const std::string& lines) {
        return fmt::format("POST /v1/pause HTTP/1.1\r\n{}{}Content-Length: 0\r\n\r\n", own, lines);
    };
    const std::string name = fmt::format("Cookie: reeld_{}=", it.page.port());
    return {
        {"TRACE, which would show the cookie", "TRACE / HTTP/1.1\r\n" + own + cookie + "\r\n", 501},
        {"CONNECT", "CONNECT evil.test:80 HTTP/1.1\r\n" + own + "\r\n", 501},
        {"two cookie headers", post(cookie + cookie + "X-Reeld-Action: 1\r\n"), 400},
        {"two Origins",
         post(cookie + "Origin: http://" + it.host() +
              "\r\nOrigin: http://evil.test\r\nX-Reeld-Action: 1\r\n"),
         400},
        {"two sites", post(cookie + "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n"), 400},
        {"the action's header with another value", post(cookie + "X-Reeld-Action: 0\r\n"), 403},
        {"the action's header with a list", post(cookie + "X-Reeld-Action: 1, 1\r\n"), 403},
        {"a folded cookie", post("Cookie: a=b;\r\n " + cookie.substr(8) + "X-Reeld-Action: 1\r\n"), 400},
        {"no cookie's value", post(name + "\r\nX-Reeld-Action: 1\r\n"), 403},
        {"a quoted cookie",
         post(name + "\"" + cookie.substr(name.size(), 32) + "\"\r\nX-Reeld-Action: 1\r\n"), 403},
        {"a session in the query", get(it, "/v1/pause?" + cookie.substr(8, cookie.size() - 10)), 405},
        {"a method in the query", get(it, "/v1/pause?_method=POST", cookie), 405},
        {"a method in a header", get(it, "/v1/pause", cookie + "X-HTTP-Method-Override: POST\r\n"), 405},
        {"a form of another site",
         fmt::format("POST /v1/pause HTTP/1.1\r\n{}{}Origin: http://evil.test\r\nContent-Type: "
                     "application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=b",
                     own, cookie),
         403},
        {"a token in capitals", get(it, "/session?TOKEN=x"), 403},
        {"a token that is a page long", get(it, "/session?token=" + std::string(8000, 'a')), 403},
        {"two tokens", get(it, "/session?token=&token=x"), 403},
    };
}

std::vector<Stranger> about_framing(const OpenedPage& it, const std::string& cookie) {
    const std::string own = it.host_line();
    const std::string smuggled = deed(it, cookie);
    const auto before = [&](const std::string& lines) {
        return "POST /v1/session HTTP/1.1\r\n" + own + lines + "\r\n" + smuggled;
    };
    return {
        {"a length beside chunks", before("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"), 400},
        {"two lengths", before("Content-Length: 0\r\nContent-Length: 5\r\n"), 400},
        {"chunks", before("Transfer-Encoding: chunked\r\n"), 411},
        {"a length with a sign", before("Content-Length: +0\r\n"), 400},
        {"a body beyond the limit", before("Content-Length: 1048577\r\n"), 413},
        {"a bare line feed", "GET / HTTP/1.1\n" + own + "\r\n" + smuggled, 400},
        {"a blank before the colon", before("Content-Length : 0\r\n"), 400},
        {"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"a websocket",
         get(it, "/v1/events",
             "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-Fetch-Site: "
             "cross-site\r\nOrigin: http://evil.test\r\n"),
         403},
    };
}

} // namespace

TEST_CASE("what strangers send to the page's port is refused, and nothing of it is done") {
    OpenedPage it;
    const std::string cookie = it.cookie_line();
    std::vector<Stranger> all = about_hosts(it);
    for (auto&& more : {about_paths(it), about_sessions(it, cookie), about_framing(it, cookie)})
        all.insert(all.end(), more.begin(), more.end());
    for (const Stranger& one : all) {
        CAPTURE(one.what);
        CHECK(status_of(it.exchange(one.bytes)) == one.status);
        CHECK_FALSE(it.paused());
        CHECK(it.let_in == 1);
    }
    CHECK(status_of(it.exchange(deed(it, cookie))) == 200);
    CHECK(it.paused());
}

TEST_CASE("pipelined requests are each looked at by themselves") {
    OpenedPage it;
    const std::string cookie = it.cookie_line();
    RawClient client(it.app.loop, it.page.port());
    client.send(get(it, "/v1/session", cookie) + get(it, "/v1/session") +
                fmt::format("POST /v1/pause HTTP/1.1\r\n{}X-Reeld-Action: 1\r\nContent-Length: "
                            "0\r\nConnection: close\r\n\r\n",
                            it.host_line()));
    CHECK(client.wait_for_end() == RawClient::State::closed);
    CHECK(client.received().find(R"({"may_act":true})") < client.received().find(R"({"may_act":false})"));
    CHECK(client.received().find("HTTP/1.1 403") != std::string::npos);
    CHECK_FALSE(it.paused());
}

TEST_CASE("two hundred idle connections keep nobody out") {
    OpenedPage it;
    std::vector<std::unique_ptr<RawClient>> idle;
    for (int client = 0; client < 200; ++client)
        idle.push_back(std::make_unique<RawClient>(it.app.loop, it.page.port()));
    idle.back()->turn_until([&] {
        const auto gone = std::ranges::count_if(
            idle, [](const auto& client) { return client->state() != RawClient::State::open; });
        return gone >= 200 - static_cast<int>(PageServer::connections_max);
    });
    CHECK(it.page.connections() <= PageServer::connections_max);
    for (int request = 0; request < 20; ++request)
        CHECK(status_of(it.ask("GET", "/v1/status", it.host_line())) == 200);
}

} // namespace reeld::test
