// Nobody holds a place beyond a deadline. The deadlines are short or none here, so that no test waits for
// one.

#include "tests/daemon/http/host.h"

#include <deque>

namespace reeld::http {

using namespace test;
using namespace std::chrono_literals;

namespace {

Server::Options with_places(unsigned places) {
    Server::Options options = patient();
    options.connections_max = places;
    return options;
}

/// Sends a byte whenever the loop turns, until the connection is ended.
void drip(RawClient& client, std::string_view bytes) {
    std::size_t next = 0;
    client.turn_until([&] {
        if (client.state() == RawClient::State::open) client.send(bytes.substr(next++ % bytes.size(), 1));
        return client.state() != RawClient::State::open;
    });
}

} // namespace

TEST_CASE("a client that sends nothing, or a request line byte by byte, is cut off at the idle deadline") {
    Server::Options options = patient();
    options.idle_timeout = 30ms;
    Host host(options);
    RawClient silent(host.loop, host.server.port());
    CHECK(silent.wait_for_end() != RawClient::State::open);
    for (const char* bytes : {"G", "\r\n", "GET /x", "GET /x HTTP/1.1\r"}) {
        CAPTURE(bytes);
        RawClient client(host.loop, host.server.port());
        client.send(bytes);
        CHECK(client.wait_for_end() != RawClient::State::open);
    }
    RawClient dripping(host.loop, host.server.port());
    drip(dripping, "x");
    RawClient empty_lines(host.loop, host.server.port());
    drip(empty_lines, "\r\n");
    CHECK(host.asked.empty());
}

TEST_CASE("headers and bodies that do not come to their end are cut off, however often a byte arrives") {
    Server::Options options = patient();
    options.request_timeout = 30ms;
    options.chunked_bodies = true;
    Host host(options);
    struct Row {
        std::string begun;
        std::string_view dripped;
    };
    const std::vector<Row> rows = {
        {"GET /x HTTP/1.1\r\n", "x"},
        {"GET /x HTTP/1.1\r\nHost: h\r\n", "X: y\r\n"},
        {"GET /x HTTP/1.1\r\nHost: h\r\nX: ", "y"},
        {post("Content-Length: 100000\r\n", ""), "x"},
        {post("Content-Length: 100000\r\nExpect: 100-continue\r\n", ""), "x"},
        {post("Transfer-Encoding: chunked\r\n", ""), "0"},
        {post("Transfer-Encoding: chunked\r\n", ""), "1\r\nx\r\n"},
        {post("Transfer-Encoding: chunked\r\n", "1;"), "x"},
        {post("Transfer-Encoding: chunked\r\n", "fffff\r\n"), "x"},
        {post("Transfer-Encoding: chunked\r\n", "0\r\n"), "T: r\r\n"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.begun);
        RawClient client(host.loop, host.server.port());
        client.send(row.begun);
        drip(client, row.dripped);
        client.turn_until([&] { return host.server.connections() == 0; });
    }
    CHECK(host.asked.empty());
}

TEST_CASE("a kept connection has its deadline anew after every reply") {
    Server::Options options = patient();
    options.idle_timeout = 30ms;
    Host host(options);
    RawClient client(host.loop, host.server.port());
    client.send(kGet);
    CHECK(status_of(client.answer()) == 200);
    CHECK(client.wait_for_end() == RawClient::State::closed);
    client.turn_until([&] { return host.server.connections() == 0; });
}

TEST_CASE("a client that does not read its reply is cut off at the reply's deadline") {
    Server::Options options = patient();
    options.reply_timeout = 30ms;
    Host host(options);
    host.reply.body = std::string(std::size_t{16} << 20, 'x');
    RawClient client(host.loop, host.server.port());
    client.stop_reading();
    client.send(kGet);
    client.turn_until([&] { return host.asked.size() == 1 && host.server.connections() == 0; });
}

TEST_CASE("a stalled reply is given up after its time") {
    Server::Options options = patient();
    options.stall_max = Duration::zero();
    Host host(options);
    host.reply.delivery = Delivery::stall;
    RawClient client(host.loop, host.server.port());
    client.send(kGet);
    CHECK(client.wait_for_end() == RawClient::State::closed);
    CHECK(client.received().empty());
}

TEST_CASE("two hundred idle connections keep no other client from being served") {
    Host host(with_places(64));
    std::deque<RawClient> idle;
    for (int i = 0; i < 200; ++i) idle.emplace_back(host.loop, host.server.port());
    for (int i = 0; i < 3; ++i) CHECK(status_of(host.exchange(kGet)) == 200);
    idle.front().turn_until([&] { return host.server.connections() <= 64; });
    CHECK(idle.front().state() != RawClient::State::open);
    CHECK(idle.back().state() == RawClient::State::open);
}

TEST_CASE("two hundred idle connections are gone when their deadline has passed") {
    Server::Options options = with_places(400);
    options.idle_timeout = 50ms;
    Host host(options);
    std::deque<RawClient> idle;
    for (int i = 0; i < 200; ++i) idle.emplace_back(host.loop, host.server.port());
    for (RawClient& client : idle) CHECK(client.wait_for_end() != RawClient::State::open);
    idle.front().turn_until([&] { return host.server.connections() == 0; });
}

TEST_CASE("a newcomer is turned away when every place is at work, and nobody else is") {
    Host host(with_places(2));
    host.later = true;
    RawClient first(host.loop, host.server.port());
    RawClient second(host.loop, host.server.port());
    first.send(kGet);
    second.send(kGet);
    first.turn_until([&] { return host.waiting.size() == 2; });
    RawClient third(host.loop, host.server.port());
    CHECK(third.wait_for_end() != RawClient::State::open);
    for (const Respond& respond : host.waiting) respond({});
    CHECK(status_of(first.answer()) == 200);
    CHECK(status_of(second.answer()) == 200);
}

TEST_CASE("one address has only so many connections") {
    Server::Options options = patient();
    options.connections_per_address_max = 3;
    Host host(options);
    std::deque<RawClient> clients;
    for (int i = 0; i < 4; ++i) clients.emplace_back(host.loop, host.server.port());
    CHECK(clients.back().wait_for_end() != RawClient::State::open);
    for (int i = 0; i < 3; ++i) {
        clients[static_cast<std::size_t>(i)].send(kGet);
        CHECK(status_of(clients[static_cast<std::size_t>(i)].answer()) == 200);
    }
}

TEST_CASE("a client that leaves in the midst of its request or its reply frees its place") {
    Host host;
    host.reply.body = std::string(std::size_t{16} << 20, 'x');
    for (const std::string& bytes :
         {std::string{}, std::string("GET /x HT"), post("Content-Length: 10\r\n", "x"), std::string(kGet)}) {
        CAPTURE(bytes);
        RawClient client(host.loop, host.server.port());
        client.stop_reading();
        client.send(bytes);
        client.turn_until([&] { return host.server.connections() == 1; });
        for (int i = 0; i < 10; ++i) host.loop.turn(Duration::zero());
        client.leave();
        client.turn_until([&] { return host.server.connections() == 0; });
    }
}

} // namespace reeld::http
