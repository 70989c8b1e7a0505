#include "daemon/sandbox/http_server.h"

#include "tests/daemon/sandbox/raw_client.h"

#include <deque>
#include <fmt/format.h>

namespace reeld::sandbox {

using namespace test;
using namespace std::chrono_literals;

namespace {

/// A server that writes down what it is asked and answers as the test wants.
struct Host {
    explicit Host(HttpServer::Options options = {})
        : server(loop, options, [this](const Request& request) {
              asked.push_back(fmt::format("{} {}", request.method, request.path));
              for (const auto& [name, value] : request.query)
                  asked.back() += fmt::format(" {}={}", name, value);
              if (!request.body.empty()) asked.back() += fmt::format(" [{}]", request.body);
              return reply;
          }) {
        reply.body = "all of it";
    }

    std::string exchange(std::string_view bytes) {
        RawClient client(loop, server.port());
        client.send(bytes);
        return client.answer();
    }

    Loop loop;
    Reply reply;
    std::vector<std::string> asked;
    HttpServer server;
};

constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

std::string post(std::string_view headers, std::string_view body) {
    return fmt::format("POST /p HTTP/1.1\r\nHost: h\r\n{}\r\n{}", headers, body);
}

} // namespace

TEST_CASE("a request reaches the function with its method, path, query and body, and its reply the client") {
    Host host;
    const std::string answer =
        host.exchange("POST /a%20b?x=1&y=%2B&z HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
    CHECK(host.asked == std::vector<std::string>{"POST /a b x=1 y=+ z= [body]"});
    CHECK(status_of(answer) == 200);
    CHECK(body_of(answer) == "all of it");
    CHECK(has_line(answer, "Content-Type: application/json"));
    CHECK(answer.find("\r\nDate: ") != std::string::npos);
}

TEST_CASE("a reply's status and headers arrive, and the client's X-Request-Id comes back") {
    Host host;
    host.reply.status = 429;
    host.reply.headers.emplace_back("Retry-After", "7");
    const std::string answer = host.exchange("GET /x HTTP/1.1\r\nHost: h\r\nX-Request-Id: abc-1\r\n\r\n");
    CHECK(status_of(answer) == 429);
    CHECK(has_line(answer, "Retry-After: 7"));
    CHECK(has_line(answer, "X-Request-Id: abc-1"));
}

TEST_CASE("a connection is kept for the next request") {
    Host host;
    RawClient client(host.loop, host.server.port());
    for (int i = 0; i < 3; ++i) {
        client.send(kGet);
        CHECK(status_of(client.answer()) == 200);
    }
    CHECK(host.asked.size() == 3);
    CHECK(host.server.connections() == 1);
}

TEST_CASE("a chunked body arrives whole") {
    Host host;
    host.exchange(post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
    CHECK(host.asked == std::vector<std::string>{"POST /p [abcde]"});
}

TEST_CASE("a request whose end could be disputed is refused unread, and its connection closed") {
    const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
    for (const std::string& bytes : {
             post("Content-Length: 0\r\nContent-Length: 35\r\n", smuggled),
             post("Content-Length: 35\r\nTransfer-Encoding: chunked\r\n", smuggled),
             post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n" + smuggled),
             post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n" + smuggled),
             std::string("GET /x HTTP/1.1\r\n\r\n"),
             std::string("GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
             post("Content-Length: 1x\r\n", smuggled),
             post("Content-Length: -1\r\n", smuggled),
             post("Content-Length: +1\r\n", smuggled),
         }) {
        CAPTURE(bytes);
        Host host;
        RawClient client(host.loop, host.server.port());
        client.send(bytes);
        CHECK(status_of(client.answer()) == 400);
        client.wait_for_end();
        CHECK(client.received().empty());
        CHECK(host.asked.empty());
    }
}

TEST_CASE("a body over the limit is refused by its announced length, before it is sent") {
    Host host({.body_bytes_max = 100});
    CHECK(status_of(host.exchange(post("Content-Length: 101\r\n", ""))) == 413);
    CHECK(status_of(host.exchange(post("Content-Length: 999999999999999999999\r\n", ""))) != 200);
    CHECK(status_of(host.exchange(post("Content-Length: 100\r\n", std::string(100, 'x')))) == 200);
    CHECK(host.asked.size() == 1);
}

TEST_CASE("a body over the limit that does not announce its length is refused too") {
    Host host({.body_bytes_max = 100});
    const std::string chunk = "40\r\n" + std::string(64, 'x') + "\r\n";
    CHECK(status_of(host.exchange(post("Transfer-Encoding: chunked\r\n", chunk + chunk + "0\r\n\r\n"))) ==
          413);
    CHECK(host.asked.empty());
}

TEST_CASE("headers without end are refused") {
    Host host;
    const std::string answer =
        host.exchange("GET /x HTTP/1.1\r\nHost: h\r\nX-Long: " + std::string(100'000, 'x') + "\r\n\r\n");
    CHECK(status_of(answer) != 200);
    CHECK(host.asked.empty());
}

TEST_CASE("a reply can fail to arrive: the connection is closed without a byte") {
    Host host;
    host.reply.delivery = Delivery::close;
    RawClient client(host.loop, host.server.port());
    client.send(post("Content-Length: 4\r\n", "body"));
    CHECK(client.wait_for_end() == RawClient::State::closed);
    CHECK(client.received().empty());
    CHECK(host.asked.size() == 1);
}

TEST_CASE("a reply can fail to arrive: the connection is reset without a byte") {
    Host host;
    host.reply.delivery = Delivery::reset;
    RawClient client(host.loop, host.server.port());
    client.send(post("Content-Length: 4\r\n", "body"));
    CHECK(client.wait_for_end() == RawClient::State::reset);
    CHECK(client.received().empty());
    CHECK(host.asked.size() == 1);
    client.turn_until([&] { return host.server.connections() == 0; });
}

TEST_CASE("a reply can arrive by half: its whole length is promised") {
    Host host;
    host.reply.delivery = Delivery::half;
    RawClient client(host.loop, host.server.port());
    client.send(kGet);
    client.wait_for_end();
    CHECK(status_of(client.received()) == 200);
    CHECK(has_line(client.received(), "Content-Length: 9"));
    CHECK(body_of(client.received()) == "all ");
}

TEST_CASE("a stalled reply keeps its connection open while others are answered, until the client leaves") {
    Host host;
    host.reply.delivery = Delivery::stall;
    RawClient stalled(host.loop, host.server.port());
    stalled.send(kGet);
    stalled.turn_until([&] { return host.asked.size() == 1; });
    host.reply.delivery = Delivery::whole;
    for (int i = 0; i < 3; ++i) CHECK(status_of(host.exchange(kGet)) == 200);
    CHECK(stalled.state() == RawClient::State::open);
    CHECK(stalled.received().empty());
    stalled.leave();
    stalled.turn_until([&] { return host.server.connections() == 0; });
    CHECK(host.asked.size() == 4);
}

TEST_CASE("a stalled reply is given up after its time") {
    Host host({.sweep_interval = 1ms, .stall_max = Duration::zero()});
    host.reply.delivery = Delivery::stall;
    RawClient client(host.loop, host.server.port());
    client.send(kGet);
    CHECK(client.wait_for_end() == RawClient::State::closed);
    CHECK(client.received().empty());
}

TEST_CASE(
    "a request that does not come to its end is cut off at its deadline, however often a byte arrives") {
    Host host({.request_timeout = Duration::zero(), .sweep_interval = 1ms});
    RawClient client(host.loop, host.server.port());
    client.send("GET /x HT");
    CHECK(client.wait_for_end() != RawClient::State::open);
    CHECK(host.asked.empty());
}

TEST_CASE("five hundred clients are served at once") {
    Host host;
    std::deque<RawClient> clients;
    for (int i = 0; i < 500; ++i) {
        clients.emplace_back(host.loop, host.server.port());
        clients.back().send("GET /x HTTP/1.1\r\nHost: h\r\n");
    }
    clients.back().turn_until([&] { return host.server.connections() == 500; });
    for (RawClient& client : clients) client.send("\r\n");
    for (RawClient& client : clients) CHECK(status_of(client.answer()) == 200);
}

TEST_CASE("a server that goes away closes its connections, stalled ones too") {
    Loop loop;
    Reply reply;
    reply.delivery = Delivery::stall;
    int asked = 0;
    std::optional<HttpServer> server;
    server.emplace(loop, HttpServer::Options{}, [&](const Request&) {
        ++asked;
        return reply;
    });
    RawClient stalled(loop, server->port());
    RawClient idle(loop, server->port());
    stalled.send(kGet);
    stalled.turn_until([&] { return asked == 1 && server->connections() == 2; });
    server.reset();
    CHECK(stalled.wait_for_end() != RawClient::State::open);
    CHECK(idle.wait_for_end() != RawClient::State::open);
}

TEST_CASE("a port that is taken is an error that names it and says what to do") {
    Host first;
    const std::string port = std::to_string(first.server.port());
    CHECK_THROWS_WITH_AS(Host({.port = first.server.port()}), doctest::Contains(port.c_str()),
                         std::runtime_error);
    CHECK_THROWS_WITH_AS(Host({.port = first.server.port()}),
                         doctest::Contains("in use; choose another --port"), std::runtime_error);
}

} // namespace reeld::sandbox
