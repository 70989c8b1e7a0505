#include "daemon/http/server.h"

#include "tests/daemon/http/host.h"

#include <deque>
#include <optional>

namespace reeld::http {

using namespace test;
using namespace std::chrono_literals;

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

TEST_CASE("a reply's status and headers arrive") {
    Host host;
    host.reply.status = 429;
    host.reply.headers.emplace_back("Retry-After", "7");
    const std::string answer = host.exchange(kGet);
    CHECK(status_of(answer) == 429);
    CHECK(has_line(answer, "Retry-After: 7"));
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

TEST_CASE("a server that nobody is connected to leaves the loop asleep") {
    Host host; // It sweeps every millisecond, when there is something to sweep.
    CHECK(status_of(host.exchange(kGet)) == 200);
    while (host.server.connections() > 0) host.loop.turn(kPatience);
    host.loop.turn(kPatience); // The last sweep.
    bool over = false;
    LoopTimer end(host.loop, [&] { over = true; });
    end.arm_after(50ms);
    int turns = 0;
    while (!over) {
        host.loop.turn(kPatience);
        ++turns;
    }
    CHECK(turns <= 3);
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
    int asked = 0;
    std::optional<Server> server;
    server.emplace(loop, Server::Options{}, [&](const Request&, const Respond& respond) {
        ++asked;
        Reply reply;
        reply.delivery = Delivery::stall;
        respond(reply);
    });
    RawClient stalled(loop, server->port());
    RawClient idle(loop, server->port());
    stalled.send(kGet);
    stalled.turn_until([&] { return asked == 1 && server->connections() == 2; });
    server.reset();
    CHECK(stalled.wait_for_end() != RawClient::State::open);
    CHECK(idle.wait_for_end() != RawClient::State::open);
}

TEST_CASE("many requests at once do not keep the loop from closing its turn") {
    Loop loop;
    int turns = 0;
    std::vector<int> asked_in;
    auto turn_end = loop.at_turn_end([&] { ++turns; });
    Loop::set_on(turn_end, true);
    Server server(loop, patient(), [&](const Request&, const Respond& respond) {
        asked_in.push_back(turns);
        const Instant done = loop.now().at + Loop::turn_time_max;
        while (loop.now().at < done) {
        }
        respond({});
    });
    std::deque<RawClient> clients;
    for (int i = 0; i < 5; ++i) {
        clients.emplace_back(loop, server.port());
        clients.back().send(kGet);
    }
    for (RawClient& client : clients) CHECK(status_of(client.answer()) == 200);
    REQUIRE(asked_in.size() == 5);
    // The loop measures from the end of a turn's first callback: two at the most.
    for (std::size_t i = 2; i < 5; ++i) CHECK(asked_in[i] > asked_in[i - 2]);
}

TEST_CASE("headers are found whatever the case of their letters, and blanks around a value do not count") {
    Loop loop;
    std::string seen;
    Server server(loop, {}, [&](const Request& request, const Respond& respond) {
        seen = fmt::format("{}|{}|{}", request.header("x-one"), request.header("X-TWO"),
                           request.header("X-Three"));
        respond({});
    });
    RawClient client(loop, server.port());
    client.send("GET / HTTP/1.1\r\nHost:h\r\nX-ONE: \t a b \t\r\nX-Two:2\r\n\r\n");
    CHECK(status_of(client.answer()) == 200);
    CHECK(seen == "a b|2|");
}

} // namespace reeld::http
