#include "daemon/control/control_api.h"

#include "jobs/eachlabs/json_body.h"
#include "tests/daemon/app/running_app.h"
#include "tests/support/fetch.h"
#include "tests/support/places.h"

#include <arpa/inet.h>
#include <array>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace reeld::test {

namespace {

/// The API of a running app behind a port, as the page has it.
struct Opened {
    explicit Opened(int slots, Access access_ = Access::act)
        : app(slots), access(access_), models(app.http, app.journal, app.provider.url("/v1")),
          intake(app.app, models,
                 {.program = reeld_program(), .output = app.folder / "output", .limits = {}}),
          api({.app = app.app, .intake = intake},
              {.provider = "sandbox", .output = "", .state = "", .started_at = {}}),
          server(app.loop, {}, [this](const http::Request& request, const http::Respond& respond) {
              api.answer(request, respond, access);
          }) {
        app.on_event = [this](const Event& event) {
            api.happened(event);
        };
    }
    HttpAnswer call(const std::string& method, const std::string& target, const std::string& body = "") {
        return fetch(app.loop, app.http,
                     {.method = method,
                      .url = fmt::format("http://127.0.0.1:{}{}", server.port(), target),
                      .body = body});
    }
    rapidjson::Document asked(const std::string& target) {
        auto body = eachlabs::parse_body(call("GET", target).body);
        REQUIRE(body);
        return std::move(*body);
    }

    RunningApp app;
    Access access;
    ModelLookup models;
    Intake intake;
    ControlApi api;
    http::Server server;
};

/// A client that reads an endless answer.
class Listener {
public:
    explicit Listener(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        const std::string request = "GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        REQUIRE(::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) > 0);
    }
    ~Listener() { ::close(fd_); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// What has come so far.
    const std::string& heard() {
        std::array<char, 65536> chunk{};
        ssize_t got = 0;
        while ((got = ::recv(fd_, chunk.data(), chunk.size(), MSG_DONTWAIT)) > 0)
            heard_.append(chunk.data(), static_cast<std::size_t>(got));
        return heard_;
    }

private:
    int fd_;
    std::string heard_;
};

int count_of(const std::string& text, const std::string& piece) {
    int count = 0;
    for (auto at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1)) ++count;
    return count;
}

} // namespace

TEST_CASE("who may only read is answered, and refused every deed") {
    Opened it(1, Access::read);
    it.app.accept("harbor", 2);
    CHECK(it.call("GET", "/v1/status").status == 200);
    CHECK(it.call("GET", "/v1/batches/harbor").status == 200);
    for (const char* deed : {"/v1/pause", "/v1/batches", "/v1/batches/harbor/cancel",
                             "/v1/batches/harbor/shots/shot-1/resolve"}) {
        const auto answer = it.call("POST", deed, "{}");
        CAPTURE(deed);
        CHECK(answer.status == 403);
        CHECK(answer.body.find("\"message\"") != std::string::npos);
    }
    CHECK(it.app.app.queue().ledger().paused().empty());
}

TEST_CASE("a list of shots names one address each, a shot by itself all that the provider has given") {
    Opened it(1);
    it.app.accept("harbor", 1);
    it.app.turn_until([&] { return it.app.count<event::PredictionSucceeded>() == 1; });
    const auto list = it.asked("/v1/batches/harbor");
    CHECK(list["shots"][0]["url"] == "https://cdn.test/a.mp4");
    CHECK_FALSE(list["shots"][0].HasMember("urls"));
    CHECK(it.asked("/v1/batches/harbor/shots/shot-1")["urls"].Size() == 1);
}

TEST_CASE("a deed is answered when its fact is durable") {
    Opened it(1);
    it.app.silent = true;
    it.app.accept("harbor", 3);
    CHECK(it.call("POST", "/v1/pause").status == 200);
    const auto facts = it.app.after_crash();
    CHECK(std::ranges::any_of(
        facts, [](const Event& event) { return std::holds_alternative<event::Paused>(event.fact); }));
}

TEST_CASE("what is sent wrongly is refused with what would be right") {
    Opened it(1);
    it.app.silent = true;
    it.app.accept("harbor", 2);
    const auto status = [&](const char* target, const char* body) {
        return it.call("POST", target, body).status;
    };
    CHECK(status("/v1/batches/harbor/priority", "") == 400);
    CHECK(status("/v1/batches/harbor/priority", R"({"priority":1.5})") == 400);
    CHECK(status("/v1/batches/harbor/priority", R"({"priority":101})") == 400);
    CHECK(status("/v1/batches/harbor/priority", R"({"priority":100})") == 200);
    const std::string id = it.asked("/v1/names?batch=harbor")["shots"][0].GetString();
    const auto resolve = fmt::format("/v1/batches/harbor/shots/{}/resolve", id);
    CHECK(status(resolve.c_str(), "{}") == 400);
    CHECK(status(resolve.c_str(), R"({"created":"x","not_created":true})") == 400);
    for (const char* wrong :
         {R"({"not_created":0})", R"({"not_created":-1})", R"({"not_created":1.5})", R"({"not_created":"1"})",
          R"({"not_created":false})", R"({"created":5,"not_created":1})",
          R"({"created":"x","not_created":-1})", R"({"created":""})", R"({"created":5})", "[]", "1"}) {
        CAPTURE(wrong);
        CHECK(status(resolve.c_str(), wrong) == 400);
    }
    for (const char* number : {"1", "true"})
        CHECK(status(resolve.c_str(), fmt::format(R"({{"not_created":{}}})", number).c_str()) == 409);
    CHECK(status("/v1/batches?priority=high", "shots: [a]") == 400);
    CHECK(it.call("GET", "/v1/batches/harbor?limit=501").status == 400);
    CHECK(it.call("GET", "/v1/batches/harbor?state=sunk").status == 400);
    CHECK(it.call("GET", "/v1/elsewhere").status == 404);
    CHECK(it.call("POST", "/v1/status").status == 405);
}

TEST_CASE("a batch's shots come in pages, and of one state when that is asked for") {
    Opened it(1);
    it.app.silent = true;
    CHECK(it.call("POST", "/v1/pause").status == 200);
    it.app.accept("harbor", 30);
    const auto page = it.asked("/v1/batches/harbor?offset=28&limit=10");
    CHECK(page["shots"].Size() == 2);
    CHECK(page["total"].GetInt() == 30);
    CHECK(page["shots"][0]["index"].GetInt() == 28);
    CHECK(page["counts"]["queued"].GetInt() == 30);
    CHECK(it.asked("/v1/batches/harbor?state=held")["total"].GetInt() == 0);
}

TEST_CASE("listeners are told the status at once, and what has changed, at most twice a second") {
    Opened it(2);
    Listener listener(it.server.port());
    it.app.turn_until([&] { return count_of(listener.heard(), "event: status") == 1; });
    const Instant begin = it.app.loop.now().at;
    it.app.accept("harbor", 5);
    it.app.turn_until([&] { return it.app.count<event::ManifestWritten>() == 1; });
    it.app.turn_until([&] { return listener.heard().find("\"state\":\"finished\"") != std::string::npos; });
    const auto intervals = (it.app.loop.now().at - begin) / ChangeFeed::interval;
    CHECK(count_of(listener.heard(), "event: status") <= 3 + intervals);
    CHECK(listener.heard().find("event: shots\ndata: {\"batch\":\"harbor\",\"shots\":[{") !=
          std::string::npos);
}

TEST_CASE("a storyboard is submitted by any client, and refused with all its faults") {
    Opened it(2);
    const auto bad = it.call("POST", "/v1/batches?name=harbor&file=h.yaml", "shots: [7]\n");
    CHECK(bad.status == 422);
    const auto faults = eachlabs::parse_body(bad.body);
    REQUIRE(faults);
    CHECK((*faults)["faults"].Size() > 0);
    CHECK(std::string((*faults)["text"].GetString()).find("h.yaml:1:") != std::string::npos);
    const std::string good = "model: kling-v3-pro-text-to-video\nshots: [A gull lands]\n";
    const auto accepted = it.call("POST", "/v1/batches?name=harbor", good);
    CHECK(accepted.status == 201);
    CHECK(accepted.body.find("\"batch\":\"harbor\"") != std::string::npos);
    CHECK(it.call("POST", "/v1/batches?name=quay", good).status == 409);
    CHECK(it.call("POST", "/v1/batches?name=quay&again=1", good).status == 201);
    // Somebody was faster than who saw the one before.
    CHECK(it.call("POST", "/v1/batches?name=quay&again=1&after=harbor", good).status == 409);
    CHECK(it.call("POST", "/v1/batches?name=quay&again=1&after=quay", good).status == 201);
}

} // namespace reeld::test
