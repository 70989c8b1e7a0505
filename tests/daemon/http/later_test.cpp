#include "tests/daemon/http/host.h"
#include "tests/support/temp_folder.h"

#include <optional>

namespace reeld::http {

using namespace test;
using namespace std::chrono_literals;

namespace {

/// A host that leaves its requests unanswered.
struct Waiting : Host {
    explicit Waiting(Server::Options options = patient()) : Host(std::move(options)) { later = true; }

    /// Sends a request and turns until it waits for its answer, with nothing left to do at once.
    void ask(RawClient& client, std::string_view request = kGet) {
        const std::size_t before = waiting.size();
        client.send(request);
        client.turn_until([&] { return waiting.size() > before; });
        for (int i = 0; i < 5; ++i) loop.turn(Duration::zero());
    }
};

Server::Options without_patience() {
    Server::Options options = patient();
    options.answer_timeout = Duration::zero();
    return options;
}

} // namespace

TEST_CASE("a reply may come later, while others are answered, and the connection goes on") {
    Waiting host;
    RawClient client(host.loop, host.server.port());
    host.ask(client);
    host.later = false;
    CHECK(status_of(host.exchange(kGet)) == 200);
    CHECK(client.received().empty());
    CHECK(host.waiting.front().wanted());
    host.waiting.front()({.status = 201, .body = "done"});
    CHECK_FALSE(host.waiting.front().wanted());
    CHECK(status_of(client.answer()) == 201);
    client.send(kGet);
    CHECK(body_of(client.answer()) == "all of it");
}

TEST_CASE("a waiting connection costs no turns") {
    Waiting host;
    RawClient client(host.loop, host.server.port());
    Server::Options options = patient();
    host.ask(client);
    bool slept = false;
    LoopTimer timer(host.loop, [&] { slept = true; });
    timer.arm_after(20ms);
    int turns = 0;
    while (!slept) {
        host.loop.turn(1s);
        ++turns;
    }
    CHECK(turns <= 60); // The sweeps, one each millisecond; a busy loop would turn thousands of times.
}

TEST_CASE("only the first answer counts, and copies share the right to it") {
    Waiting host;
    RawClient client(host.loop, host.server.port());
    host.ask(client);
    const Respond copy = host.waiting.front();
    copy({.body = "first"});
    host.waiting.front()({.body = "second"});
    CHECK(body_of(client.answer()) == "first");
    copy({.body = "third"});
    client.send(kGet);
    client.turn_until([&] { return host.waiting.size() == 2; });
    host.waiting.back()({.body = "next"});
    CHECK(body_of(client.answer()) == "next");
}

TEST_CASE("a client that has closed its half of the connection still gets a late answer, on either door") {
    const TempFolder folder;
    Server::Options on_file = patient();
    on_file.listen.unix_path = folder / "socket";
    Waiting tcp;
    Waiting file(on_file);
    RawClient over_tcp(tcp.loop, tcp.server.port());
    RawClient over_file(file.loop, on_file.listen.unix_path);
    for (auto [host, client] : {std::pair{&tcp, &over_tcp}, {&file, &over_file}}) {
        client->send(kGet);
        client->close_half();
        client->turn_until([&, waiting = host] { return waiting->waiting.size() == 1; });
        for (int i = 0; i < 5; ++i) host->loop.turn(Duration::zero());
        host->waiting.front()({.body = "done"});
        client->wait_for_end();
        CHECK(body_of(client->received()) == "done");
    }
}

TEST_CASE("a client of the unix socket that leaves while it waits is noticed, and its answer is not wanted") {
    const TempFolder folder;
    Server::Options on_file = patient();
    on_file.listen.unix_path = folder / "socket";
    Waiting host(on_file);
    RawClient client(host.loop, on_file.listen.unix_path);
    host.ask(client);
    client.leave();
    client.turn_until([&] { return host.server.connections() == 0; });
    CHECK_FALSE(host.waiting.front().wanted());
    host.waiting.front()({});
}

TEST_CASE("an answer that does not come in time is a 503, and none is wanted from then on") {
    Waiting host(without_patience());
    RawClient client(host.loop, host.server.port());
    client.send(kGet);
    CHECK(status_of(client.answer()) == 503);
    CHECK_FALSE(host.waiting.front().wanted());
    host.waiting.front()({.body = "too late"});
    host.later = false;
    client.send(kGet);
    CHECK(body_of(client.answer()) == "all of it");
}

TEST_CASE("an answer that was forgotten is a 503 in time too") {
    Waiting host(without_patience());
    RawClient client(host.loop, host.server.port());
    client.send(kGet);
    client.turn_until([&] { return host.waiting.size() == 1; });
    host.waiting.clear();
    CHECK(status_of(client.answer()) == 503);
}

TEST_CASE("an answer in the midst of another one's request is sent") {
    Loop loop;
    std::optional<Respond> first;
    Server server(loop, patient(), [&](const Request& request, const Respond& respond) {
        if (request.path == "/wait") {
            first = respond;
        } else {
            (*first)({.body = "released"});
            respond({.body = "releasing"});
        }
    });
    RawClient waiting(loop, server.port());
    waiting.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    waiting.turn_until([&] { return first.has_value(); });
    RawClient other(loop, server.port());
    other.send(kGet);
    CHECK(body_of(waiting.answer()) == "released");
    CHECK(body_of(other.answer()) == "releasing");
}

TEST_CASE("an answer between the request and the library's second look is sent") {
    Waiting host;
    RawClient client(host.loop, host.server.port());
    client.send(kGet);
    while (host.waiting.empty()) host.loop.turn(1s);
    host.waiting.front()({.body = "soon"});
    CHECK(body_of(client.answer()) == "soon");
}

TEST_CASE("requests that wait in line behind a late answer are answered in order") {
    Waiting host;
    RawClient client(host.loop, host.server.port());
    host.ask(client, std::string(kGet) + "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(host.asked.size() == 1);
    host.waiting.front()({.body = "one"});
    client.turn_until([&] { return host.waiting.size() == 2; });
    host.waiting.back()({.body = "two"});
    client.turn_until([&] { return client.received().find("two") != std::string::npos; });
    CHECK(client.received().find("one") < client.received().find("two"));
    CHECK(host.asked == std::vector<std::string>{"GET /x", "GET /2"});
}

TEST_CASE("a late answer may fail to arrive in every way in which one at once may") {
    for (const Delivery delivery : {Delivery::close, Delivery::reset, Delivery::half}) {
        Waiting host;
        RawClient client(host.loop, host.server.port());
        host.ask(client);
        host.waiting.front()({.body = "half", .delivery = delivery});
        CHECK((client.wait_for_end() == RawClient::State::reset) == (delivery == Delivery::reset));
        CHECK(body_of(client.received()) == (delivery == Delivery::half ? "ha" : ""));
    }
}

TEST_CASE("a stream that comes too late for its client is closed") {
    Waiting host(without_patience());
    RawClient client(host.loop, host.server.port());
    client.send(kGet);
    CHECK(status_of(client.answer()) == 503);
    Reply reply;
    reply.stream = std::make_shared<Stream>();
    host.waiting.front()(reply);
    CHECK(reply.stream->closed());
}

TEST_CASE("an answer that outlives its server does nothing") {
    std::optional<Waiting> host(std::in_place);
    Loop& loop = host->loop;
    RawClient client(loop, host->server.port());
    host->ask(client);
    struct Outlived {
        std::optional<Respond> respond;
    } kept{host->waiting.front()};
    client.leave();
    host.reset();
    CHECK_FALSE(kept.respond->wanted());
    (*kept.respond)({});
}

} // namespace reeld::http
