#include "daemon/http/stream.h"

#include "tests/daemon/http/host.h"

#include <optional>

namespace reeld::http {

using namespace test;
using namespace std::chrono_literals;

namespace {

/// A host whose every answer is the same stream.
struct Sender : Host {
    explicit Sender(Server::Options options = patient(),
                    std::size_t buffer_bytes_max = Stream::kBufferBytesMax)
        : Host(std::move(options)), stream(std::make_shared<Stream>(buffer_bytes_max)) {
        reply.content_type = "text/event-stream";
        reply.stream = stream;
    }

    /// Begins to listen, and turns until `first`, which is pushed, has arrived.
    void begin(RawClient& client, std::string_view first = "hello") {
        stream->push(first);
        client.send(kGet);
        wait_for(client, first);
    }
    void wait_for(RawClient& client, std::string_view text) const {
        client.turn_until([&] { return client.received().find(text) != std::string::npos; });
    }
    /// Pushes until the client, which does not read, is behind by more than kernel and library hold.
    void fill(RawClient& client) const {
        client.turn_until([&] {
            if (stream->buffered() < 1000) stream->push(std::string(100'000, 'x'));
            for (int i = 0; i < 20; ++i) loop_turn();
            return stream->buffered() > 1000;
        });
    }
    void loop_turn() const { const_cast<Loop&>(loop).turn(Duration::zero()); }

    std::shared_ptr<Stream> stream;
};

} // namespace

TEST_CASE("what is pushed arrives, before and after the reply has begun, without an end") {
    Sender host;
    RawClient client(host.loop, host.server.port());
    host.begin(client);
    CHECK(has_line(client.received(), "Content-Type: text/event-stream"));
    CHECK(has_line(client.received(), "Transfer-Encoding: chunked"));
    host.stream->push("more");
    host.wait_for(client, "4\r\nmore\r\n");
    host.stream->push("and ");
    host.stream->push("more");
    host.wait_for(client, "8\r\nand more\r\n");
    CHECK(host.stream->buffered() == 0);
    CHECK_FALSE(host.stream->closed());
    CHECK(client.state() == RawClient::State::open);
}

TEST_CASE("a stream that is finished ends in an orderly way, and the connection goes on") {
    Sender host;
    RawClient client(host.loop, host.server.port());
    host.begin(client);
    host.stream->push("last");
    host.stream->finish();
    CHECK(host.stream->closed());
    host.wait_for(client, "4\r\nlast\r\n0\r\n\r\n");
    host.stream->push("nothing");
    host.reply.stream = nullptr;
    client.send(kGet);
    host.wait_for(client, "all of it");
    CHECK(client.received().find("nothing") == std::string::npos);
}

TEST_CASE("a listener that leaves is noticed, and pushing goes nowhere") {
    Sender host;
    RawClient client(host.loop, host.server.port());
    host.begin(client);
    CHECK_FALSE(host.stream->closed());
    client.leave();
    client.turn_until([&] { return host.stream->closed() && host.server.connections() == 0; });
    host.stream->push("more");
    CHECK(host.stream->buffered() == 0);
}

TEST_CASE("an idle stream outlives every deadline, and costs no turns") {
    Server::Options options;
    options.idle_timeout = options.request_timeout = options.answer_timeout = options.reply_timeout = 50ms;
    options.sweep_interval = 10ms;
    Sender host(options);
    RawClient client(host.loop, host.server.port());
    host.begin(client);
    bool over = false;
    LoopTimer timer(host.loop, [&] { over = true; });
    timer.arm_after(150ms);
    int turns = 0;
    while (!over) {
        host.loop.turn(1s);
        ++turns;
    }
    CHECK(turns <= 60);
    host.stream->push("still here");
    host.wait_for(client, "still here");
}

TEST_CASE("a listener that falls too far behind is closed") {
    Sender host(patient(), 200'000);
    RawClient client(host.loop, host.server.port());
    host.begin(client);
    client.stop_reading();
    host.fill(client);
    host.stream->push(std::string(199'000, 'x'));
    CHECK(host.stream->closed());
    CHECK(host.stream->buffered() == 0);
    client.turn_until([&] { return host.server.connections() == 0; });
}

TEST_CASE("a listener that stops reading is ended at its deadline") {
    Server::Options options = patient();
    options.reply_timeout = 50ms;
    Sender host(options);
    RawClient client(host.loop, host.server.port());
    host.begin(client);
    client.stop_reading();
    host.fill(client);
    client.turn_until([&] { return host.server.connections() == 0; });
    CHECK(host.stream->closed());
}

TEST_CASE("a listener that is slow loses nothing") {
    Sender host;
    RawClient client(host.loop, host.server.port());
    host.begin(client);
    client.stop_reading();
    host.fill(client);
    host.stream->push("the end");
    client.read_again();
    host.wait_for(client, "the end");
}

TEST_CASE("a stream may be answered with later") {
    Sender host;
    host.later = true;
    RawClient client(host.loop, host.server.port());
    client.send(kGet);
    client.turn_until([&] { return host.waiting.size() == 1; });
    host.waiting.front()(host.reply);
    host.stream->push("now");
    host.wait_for(client, "now");
}

TEST_CASE("a stream is closed when it answers a HEAD, which has no body") {
    Sender host;
    CHECK_FALSE(host.stream->closed());
    RawClient client(host.loop, host.server.port());
    client.send("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    client.wait_for_end();
    CHECK(status_of(client.received()) == 200);
    CHECK(host.stream->closed());
}

TEST_CASE("a stream whose client speaks HTTP/1.0 comes without chunks") {
    Sender host;
    RawClient client(host.loop, host.server.port());
    host.stream->push("one ");
    client.send("GET /x HTTP/1.0\r\nHost: h\r\n\r\n");
    host.wait_for(client, "one ");
    host.stream->push("two");
    host.stream->finish();
    client.wait_for_end();
    CHECK(body_of(client.received()) == "one two");
}

TEST_CASE("a stream outlives its server, closed") {
    Loop loop;
    const auto stream = std::make_shared<Stream>();
    std::optional<Server> server;
    server.emplace(loop, patient(), [&](const Request&, const Respond& respond) {
        Reply reply;
        reply.stream = stream;
        respond(reply);
    });
    RawClient client(loop, server->port());
    client.send(kGet);
    stream->push("hello");
    client.turn_until([&] { return client.received().find("hello") != std::string::npos; });
    server.reset();
    CHECK(stream->closed());
    stream->push("more");
    stream->finish();
    CHECK(client.wait_for_end() != RawClient::State::open);
}

} // namespace reeld::http
