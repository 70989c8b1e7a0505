#include "daemon/control/webhook_listener.h"

#include "tests/daemon/http/raw_client.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>
#include <vector>

namespace reeld::test {

namespace {

constexpr const char* kBody = R"({"exec_id":"p-1","status":"succeeded","output":"https://x/y.mp4"})";

/// A listener that knows the token "token" with the secret "secret", and writes down whom it asks about.
struct Door {
    explicit Door(const WebhookListener::Options& options = patient_door())
        : listener(loop, options, [this](const WebhookCall& call, const std::function<void(bool)>& answer) {
              asked.push_back(fmt::format("{} {} {}", call.token, call.secret, call.prediction));
              answer(call.token == "token" && call.secret == "secret");
          }) {}

    static WebhookListener::Options patient_door() {
        return {.listen = {.address = "127.0.0.1", .port = 0},
                .path = "/hooks",
                .per_address = {.burst = 1e6},
                .request_timeout = 4 * kPatience};
    }

    /// The status of the answer to these bytes; 0 when the connection ended without one.
    int status(std::string_view bytes) {
        RawClient client(loop, listener.port());
        client.send(bytes);
        const std::string answer = client.answer();
        return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3));
    }

    static std::string post(const std::string& path, const std::string& headers, const std::string& body) {
        return fmt::format("POST {} HTTP/1.1\r\nHost: h\r\n{}Content-Length: {}\r\n\r\n{}", path, headers,
                           body.size(), body);
    }

    Loop loop;
    std::vector<std::string> asked;
    WebhookListener listener;
};

constexpr const char* kSecret = "X-Webhook-Secret: secret\r\n";

} // namespace

TEST_CASE("a webhook on its path with its secret is accepted at once") {
    Door door;
    CHECK(door.status(Door::post("/hooks/token", kSecret, kBody)) == 200);
    CHECK(door.asked == std::vector<std::string>{"token secret p-1"});
    CHECK(door.status(Door::post("/hooks/token", "x-webhook-secret:secret\r\n", kBody)) == 200);
}

TEST_CASE("whatever is wrong with a webhook, it gets one and the same answer") {
    struct Row {
        std::string what;
        std::string bytes;
        bool looked_up = false; ///< It is well-formed: only the token and the secret are wrong.
    };
    const std::vector<Row> rows = {
        {"unknown token", Door::post("/hooks/nobodys", kSecret, kBody), true},
        {"wrong secret", Door::post("/hooks/token", "X-Webhook-Secret: secreT\r\n", kBody), true},
        {"missing secret", Door::post("/hooks/token", "", kBody), true},
        {"a part of the token", Door::post("/hooks/toke", kSecret, kBody), true},
        {"not JSON", Door::post("/hooks/token", kSecret, "exec_id=p-1")},
        {"no body", Door::post("/hooks/token", kSecret, "")},
        {"no prediction", Door::post("/hooks/token", kSecret, R"({"status":"succeeded"})")},
        {"GET", "GET /hooks/token HTTP/1.1\r\nHost: h\r\nX-Webhook-Secret: secret\r\n\r\n"},
        {"PUT", "PUT" + Door::post("/hooks/token", kSecret, kBody).substr(4)},
        {"DELETE", "DELETE /hooks/token HTTP/1.1\r\nHost: h\r\n\r\n"},
        {"doubled slash", Door::post("/hooks//token", kSecret, kBody), true},
        {"slash at the end", Door::post("/hooks/token/", kSecret, kBody), true},
        {"no token", Door::post("/hooks/", kSecret, kBody)},
        {"no slash", Door::post("/hooks", kSecret, kBody)},
        {"another path", Door::post("/token", kSecret, kBody)},
        {"letters' case", Door::post("/Hooks/token", kSecret, kBody)},
        {"below the token", Door::post("/hooks/token/x", kSecret, kBody), true},
        {"a query", Door::post("/hooks/token?x=1", kSecret, kBody)},
        {"the root", Door::post("/", kSecret, kBody)},
        {"the control API", "GET /v1/status HTTP/1.1\r\nHost: h\r\n\r\n"},
        {"a long token", Door::post("/hooks/" + std::string(500, 't'), kSecret, kBody)}};
    Door door;
    for (const Row& row : rows) {
        CAPTURE(row.what);
        door.asked.clear();
        CHECK(door.status(row.bytes) == 404);
        CHECK(door.asked.size() == (row.looked_up ? 1 : 0));
    }
}

TEST_CASE("what climbs, hides or overflows does not reach the door") {
    const std::string huge(WebhookListener::kBodyBytesMax + 1, ' ');
    struct Row {
        std::string bytes;
        std::set<int> statuses;
    };
    const std::vector<Row> rows = {
        {Door::post("/hooks/../hooks/token", kSecret, kBody), {400}},
        {Door::post("/hooks/%2e%2e/token", kSecret, kBody), {400}},
        {Door::post("/hooks/tok%00en", kSecret, kBody), {400}},
        {Door::post("/hooks/token", kSecret, std::string{kBody} + huge), {413}},
        {"POST http://h/hooks/token HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", {400, 404}},
        {"CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", {0, 400, 405, 501}},
        {"POST /hooks/token HTTP/1.1\r\nHost: h\r\nHost: i\r\nContent-Length: 0\r\n\r\n", {400}},
        {"POST /hooks/token HTTP/1.1\r\nHost: h\r\nX: " + std::string(10'000, 'x') + "\r\n\r\n",
         {0, 413, 431}}};
    Door door;
    for (const Row& row : rows) {
        CAPTURE(row.bytes.substr(0, 60));
        CHECK(row.statuses.contains(door.status(row.bytes)));
    }
    CHECK(door.asked.empty());
    CHECK(door.status(Door::post("/hooks/token", kSecret,
                                 kBody + huge.substr(0, WebhookListener::kBodyBytesMax - 100))) == 200);
}

TEST_CASE("the escaped form of a token's own letters is that token") {
    Door door;
    CHECK(door.status(Door::post("/hooks/%74oken", kSecret, kBody)) == 200);
}

TEST_CASE("an address that sends too much is refused before anything is looked up") {
    auto options = Door::patient_door();
    options.per_address = {.burst = 5, .per_s = 1e-6};
    Door door{options};
    for (int i = 0; i < 5; ++i) CHECK(door.status(Door::post("/hooks/token", kSecret, kBody)) == 200);
    CHECK(door.status(Door::post("/hooks/token", kSecret, kBody)) == 429);
    CHECK(door.asked.size() == 5);
}

TEST_CASE("a request that drips does not hold its place beyond the deadline") {
    auto options = Door::patient_door();
    options.request_timeout = std::chrono::milliseconds{300};
    Door door{options};
    RawClient client(door.loop, door.listener.port());
    client.send("POST /hooks/token HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{");
    static_cast<void>(client.answer());
    CHECK(client.state() != RawClient::State::open);
    CHECK(door.asked.empty());
}

} // namespace reeld::test
