/// Nothing that a server, a resolver or the machine does may hold a request, the memory, or the loop for
/// ever.
#include "daemon/net/http.h"

#include "daemon/net/answer_sink.h"
#include "tests/support/fault_server.h"
#include "tests/support/fetch.h"
#include "tests/support/library_faults.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace reeld {

using namespace std::chrono_literals;
using test::answer;
using test::FaultServer;
using test::fetch;
using test::Reaction;
using test::ReceivedRequest;
using Then = Reaction::Then;
using Kind = HttpRequest::Kind;
using Outcome = HttpAnswer::Outcome;

namespace {

/// Listens, but its queue is full: a connection to it is neither made nor refused.
class FullListener {
public:
    FullListener() {
        address_.sin_family = AF_INET;
        address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int listener = open_socket();
        bind(listener, name(), sizeof address_);
        listen(listener, 0);
        socklen_t size = sizeof address_;
        getsockname(listener, reinterpret_cast<sockaddr*>(&address_), &size);
        for (int i = 0; i < 3; ++i) static_cast<void>(connect(open_socket(), name(), sizeof address_));
    }
    ~FullListener() {
        for (const int fd : sockets_) close(fd);
    }
    FullListener(const FullListener&) = delete;
    FullListener& operator=(const FullListener&) = delete;

    [[nodiscard]] int port() const { return ntohs(address_.sin_port); }

private:
    int open_socket() { return sockets_.emplace_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)); }
    const sockaddr* name() const { return reinterpret_cast<const sockaddr*>(&address_); }

    sockaddr_in address_{};
    std::vector<int> sockets_;
};

} // namespace

TEST_CASE("an answer as long as the limit is whole, one byte more is lost") {
    FaultServer server{[](const ReceivedRequest&) {
        return answer(200, std::string(100'000, 'x'));
    }};
    Loop loop;
    Http http{loop, {}};
    for (const Kind kind : {Kind::once, Kind::repeatable}) {
        HttpRequest request{.kind = kind, .url = server.url("/"), .answer_bytes_max = 100'000};
        CHECK(fetch(loop, http, request).outcome == Outcome::answered);
        request.answer_bytes_max = 99'999;
        const HttpAnswer got = fetch(loop, http, request);
        CHECK(got.outcome == Outcome::lost);
        CHECK(got.status == 200);
        CHECK(got.body.size() <= 99'999);
        CHECK(got.cause == fmt::format("the answer from 127.0.0.1 port {} (status 200) is longer than 99999 "
                                       "bytes; the request may have arrived",
                                       server.port()));
    }
}

TEST_CASE("a body without end takes no more memory than the limit") {
    FaultServer server{[](const ReceivedRequest&) {
        return Reaction{"HTTP/1.1 200 OK\r\n\r\n", Then::flood};
    }};
    Loop loop;
    Http http{loop, {}};
    const HttpAnswer got = fetch(loop, http, {.url = server.url("/")});
    CHECK(got.outcome == Outcome::lost);
    CHECK(got.body.capacity() <= 2 * HttpRequest{}.answer_bytes_max);
}

TEST_CASE("headers without end are cut, in one line and in many") {
    std::string lines = "HTTP/1.1 200 OK\r\n";
    while (lines.size() <= AnswerSink::header_bytes_max) lines += "X-Again: and again and again\r\n";
    std::string interim;
    while (interim.size() <= AnswerSink::header_bytes_max) interim += "HTTP/1.1 103 Early Hints\r\n\r\n";
    FaultServer server{[&](const ReceivedRequest& request) -> Reaction {
        if (request.target() == "/line") return {"HTTP/1.1 200 OK\r\nX: ", Then::flood};
        return {request.target() == "/lines" ? lines : interim, Then::stall};
    }};
    Loop loop;
    Http http{loop, {}};
    for (const char* target : {"/line", "/lines", "/interim"}) {
        CAPTURE(target);
        CHECK(fetch(loop, http, {.url = server.url(target)}).outcome == Outcome::lost);
    }
}

TEST_CASE("a poll's body may end with its connection, a create's may not") {
    FaultServer server{[](const ReceivedRequest&) {
        return Reaction{"HTTP/1.1 200 OK\r\n\r\n{}", Then::close};
    }};
    Loop loop;
    Http http{loop, {}};
    CHECK(fetch(loop, http, {.url = server.url("/")}).outcome == Outcome::answered);
    CHECK(fetch(loop, http, {.kind = Kind::once, .url = server.url("/")}).outcome == Outcome::lost);
}

TEST_CASE("one byte after another does not put off the total timeout") {
    FaultServer server{[](const ReceivedRequest&) {
        return Reaction{"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", Then::drip};
    }};
    Loop loop;
    Http http{loop, {}};
    CHECK(fetch(loop, http, {.url = server.url("/"), .total_timeout = 30ms}).outcome != Outcome::answered);
}

TEST_CASE(
    "a connection that is neither made nor refused ends with the connect timeout, and nothing was sent") {
    const FullListener listener;
    Loop loop;
    Http http{loop, {}};
    const HttpAnswer got = fetch(loop, http,
                                 {.kind = Kind::once,
                                  .method = "POST",
                                  .url = fmt::format("http://127.0.0.1:{}/", listener.port()),
                                  .connect_timeout = 20ms});
    CHECK(got.outcome == Outcome::not_sent);
    CHECK(got.cause ==
          fmt::format("no connection to 127.0.0.1 port {} within 0.02 s; nothing was sent", listener.port()));
}

TEST_CASE("a timeout of zero is the shortest one and not none at all") {
    const FullListener listener;
    Loop loop;
    Http http{loop, {}};
    const std::string url = fmt::format("http://127.0.0.1:{}/", listener.port());
    CHECK(fetch(loop, http, {.url = url, .connect_timeout = 0s}).outcome == Outcome::not_sent);
    CHECK(fetch(loop, http, {.url = url, .total_timeout = 0s}).outcome == Outcome::not_sent);
}

TEST_CASE("no timeout is forgotten, also when libcurl is woken a moment before it") {
    // libcurl rounds the wait down to milliseconds, finds itself early, and may not ask for the rest.
    const FullListener listener;
    Loop loop;
    Http http{loop, {}};
    const std::string url = fmt::format("http://127.0.0.1:{}/", listener.port());
    for (int i = 0; i < 20; ++i) {
        const HttpAnswer got = fetch(loop, http, {.url = url, .total_timeout = 1ms + i * 100us});
        CHECK(got.outcome == Outcome::not_sent);
    }
}

TEST_CASE("a name lookup that hangs holds neither the timeout, nor a drop, nor the end of the client") {
    test::SlowLookup slow; // Were any of the three to wait for a lookup, this test would never end.
    Loop loop;
    Http http{loop, {}};
    const HttpRequest request{.url = fmt::format("http://{}/", test::SlowLookup::slow_host),
                              .total_timeout = 20ms};
    const HttpAnswer got = fetch(loop, http, request);
    CHECK(got.outcome == Outcome::not_sent);
    slow.await_lookup();
    const auto never = [](HttpAnswer&&) {
        FAIL("called back");
    };
    const Http::Ticket dropped = http.start(request, never);
    loop.turn(1ms);
    slow.await_lookup();
    http.drop(dropped);
    Http other{loop, {}};
    other.start(request, never);
    loop.turn(1ms);
    slow.await_lookup();
}

TEST_CASE("when the loop cannot watch a socket, every request is reported and the next one works") {
    FaultServer server{[](const ReceivedRequest& request) {
        return request.target() == "/stall" ? Reaction{"", Then::stall} : answer(200, "well");
    }};
    Loop loop;
    Http http{loop, {}};
    std::vector<HttpAnswer> got;
    const auto collect = [&](HttpAnswer&& answered) {
        got.push_back(std::move(answered));
    };
    http.start({.kind = Kind::once, .method = "POST", .url = server.url("/stall")}, collect);
    while (server.requests("/stall") == 0) loop.turn(1ms);
    http.start({.kind = Kind::once, .method = "POST", .url = server.url("/")}, collect);
    test::fail_watches(1);
    while (got.size() < 2) loop.turn(test::turn_wait_max);
    test::fail_watches(0);
    CHECK(got[0].outcome == Outcome::lost);
    CHECK(got[1].outcome == Outcome::not_sent);
    CHECK(server.requests("/") == 0);
    CHECK(http.active() == 0);
    CHECK(fetch(loop, http, {.url = server.url("/")}).outcome == Outcome::answered);
}

} // namespace reeld
