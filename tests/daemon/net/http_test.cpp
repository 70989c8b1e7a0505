#include "daemon/net/http.h"

#include "tests/support/fault_server.h"
#include "tests/support/fetch.h"

#include <doctest/doctest.h>
#include <memory>
#include <set>

namespace reeld {

using namespace std::chrono_literals;
using test::answer;
using test::FaultServer;
using test::fetch;
using test::Reaction;
using test::ReceivedRequest;
using Kind = HttpRequest::Kind;
using Outcome = HttpAnswer::Outcome;

namespace {

Reaction echo(const ReceivedRequest& request) {
    return answer(200, request.body + "!");
}

HttpRequest get(const FaultServer& server, const std::string& target = "/") {
    return {.url = server.url(target)};
}

HttpRequest post(const FaultServer& server, Kind kind, std::string body) {
    return {.kind = kind, .method = "POST", .url = server.url("/"), .headers = {}, .body = std::move(body)};
}

} // namespace

TEST_CASE("an answer carries its status, its body, and the headers that the daemon reads") {
    FaultServer server{[](const ReceivedRequest&) {
        return answer(429, "slow down",
                      "retry-after: 7\r\nDATE:Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                      "Content-Type:   text/plain  \r\nX-Request-Id: abc\r\n");
    }};
    Loop loop;
    Http http{loop, {}};
    const HttpAnswer got = fetch(loop, http, get(server));
    CHECK(got.outcome == Outcome::answered);
    CHECK(got.status == 429);
    CHECK(got.body == "slow down");
    CHECK(got.retry_after == "7");
    CHECK(got.date == "Thu, 01 Jan 2026 00:00:00 GMT");
    CHECK(got.content_type == "text/plain");
    CHECK(got.request_id == "abc");
    CHECK(got.cause.empty());
    CHECK(got.took > 0us);
}

TEST_CASE("a POST of either kind arrives whole, with its headers and the agent's name, and without Expect") {
    for (const Kind kind : {Kind::once, Kind::repeatable}) {
        for (const std::size_t size : {0UL, 1UL, 100UL, 3'000'000UL}) {
            CAPTURE(static_cast<int>(kind));
            CAPTURE(size);
            FaultServer server{echo};
            Loop loop;
            Http http{loop, {.user_agent = "reeld/1.2"}};
            HttpRequest request = post(server, kind, std::string(size, 'b'));
            request.headers = {"X-API-Key: secret", "Content-Type: application/json"};
            request.answer_bytes_max = size + 1;
            const HttpAnswer got = fetch(loop, http, request);
            CHECK(got.outcome == Outcome::answered);
            CHECK(got.body == std::string(size, 'b') + "!");
            const std::string head = server.received().at(0).head;
            CHECK(head.starts_with("POST / HTTP/1.1\r\n"));
            CHECK(head.find("\r\nX-API-Key: secret\r\n") != std::string::npos);
            CHECK(head.find("\r\nContent-Type: application/json\r\n") != std::string::npos);
            CHECK(head.find("\r\nUser-Agent: reeld/1.2\r\n") != std::string::npos);
            CHECK(head.find("Expect") == std::string::npos);
            CHECK(head.find("Accept-Encoding") == std::string::npos);
        }
    }
}

TEST_CASE("repeatable requests share a connection, requests of kind once never do") {
    FaultServer server{echo};
    Loop loop;
    Http http{loop, {}};
    for (int i = 0; i < 3; ++i) fetch(loop, http, get(server));
    CHECK(server.connections() == 1);
    for (int i = 0; i < 3; ++i) fetch(loop, http, post(server, Kind::once, "b"));
    CHECK(server.connections() == 4);
    fetch(loop, http, get(server));
    CHECK(server.connections() == 4);
}

TEST_CASE("a redirect is an answer and is not followed") {
    FaultServer server{[](const ReceivedRequest&) {
        return answer(302, "", "Location: /elsewhere\r\n");
    }};
    Loop loop;
    Http http{loop, {}};
    for (const Kind kind : {Kind::once, Kind::repeatable})
        CHECK(fetch(loop, http, post(server, kind, "b")).status == 302);
    CHECK(server.requests("/elsewhere") == 0);
}

TEST_CASE("no callback runs inside start(), and the tickets differ") {
    FaultServer server{echo};
    Loop loop;
    Http http{loop, {}};
    int done = 0;
    std::set<Http::Ticket> tickets;
    const auto count = [&](HttpAnswer&&) {
        ++done;
    };
    tickets.insert(http.start(get(server), count));
    tickets.insert(http.start({.url = "nonsense"}, count));
    tickets.insert(http.start({.url = std::string(9'000'000, 'x')}, count));
    CHECK(done == 0);
    CHECK(tickets.size() == 3);
    CHECK(http.active() == 3);
    while (done < 3) loop.turn(test::turn_wait_max);
    CHECK(http.active() == 0);
}

TEST_CASE("a callback may start the next request") {
    FaultServer server{echo};
    Loop loop;
    Http http{loop, {}};
    int left = 5;
    std::function<void(HttpAnswer &&)> next = [&](HttpAnswer&& got) {
        CHECK(got.outcome == Outcome::answered);
        if (--left > 0) http.start(get(server), next);
    };
    http.start(get(server), next);
    while (left > 0) loop.turn(test::turn_wait_max);
    CHECK(http.active() == 0);
}

TEST_CASE("two hundred requests at once are all answered, each once") {
    for (const Kind kind : {Kind::once, Kind::repeatable}) {
        FaultServer server{echo};
        Loop loop;
        Http http{loop, {}};
        std::multiset<std::string> bodies;
        for (int i = 0; i < 200; ++i)
            http.start(post(server, kind, std::to_string(i)),
                       [&](HttpAnswer&& got) { bodies.insert(got.body); });
        while (bodies.size() < 200) loop.turn(test::turn_wait_max);
        for (int i = 0; i < 200; ++i) CHECK(bodies.count(std::to_string(i) + "!") == 1);
        CHECK(server.requests("/") == 200);
    }
}

TEST_CASE("a dropped request is never called back, and another one is none the worse") {
    FaultServer server{[](const ReceivedRequest& request) {
        return request.target() == "/stall" ? Reaction{.then = Reaction::Then::stall} : echo(request);
    }};
    Loop loop;
    Http http{loop, {}};
    bool called = false;
    const auto never = [&](HttpAnswer&&) {
        called = true;
    };
    const Http::Ticket early = http.start(get(server, "/"), never);
    http.drop(early);
    http.drop(early);
    const Http::Ticket failed = http.start({.url = std::string(9'000'000, 'x')}, never);
    http.drop(failed);
    const Http::Ticket late = http.start(get(server, "/stall"), never);
    while (server.requests("/stall") == 0) loop.turn(1ms);
    http.drop(late);
    CHECK(http.active() == 0);
    CHECK(fetch(loop, http, get(server)).outcome == Outcome::answered);
    CHECK_FALSE(called);
    CHECK(server.requests("/") == 1);
}

TEST_CASE("a callback may drop another request, also one that has ended in the same turn") {
    FaultServer server{echo};
    Loop loop;
    Http http{loop, {}};
    Http::Ticket tickets[2] = {};
    int done = 0;
    for (int i = 0; i < 2; ++i) {
        tickets[i] = http.start({.url = "nonsense"}, [&, i](HttpAnswer&&) {
            ++done;
            http.drop(tickets[1 - i]);
        });
    }
    while (http.active() > 0) loop.turn(1ms);
    fetch(loop, http, get(server));
    CHECK(done == 1);
}

TEST_CASE("what is under way when the client goes is dropped without a call") {
    FaultServer server{[](const ReceivedRequest&) {
        return Reaction{.then = Reaction::Then::stall};
    }};
    Loop loop;
    bool called = false;
    auto http = std::make_unique<Http>(loop, Http::Options{});
    for (const Kind kind : {Kind::once, Kind::repeatable})
        http->start(post(server, kind, "b"), [&](HttpAnswer&&) { called = true; });
    while (server.requests("/") < 2) loop.turn(1ms);
    http.reset();
    loop.turn(1ms);
    CHECK_FALSE(called);
}

TEST_CASE("with nothing under way the client never wakes the loop") {
    FaultServer server{echo};
    Loop loop;
    Http http{loop, {}};
    fetch(loop, http, get(server));
    while (loop.turn(0s) && http.active() > 0) {
    }
    const Instant before = loop.now().at;
    loop.turn(20ms);
    CHECK(loop.now().at >= before + 20ms);
}

} // namespace reeld
