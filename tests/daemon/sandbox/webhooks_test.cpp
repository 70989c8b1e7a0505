#include "daemon/sandbox/webhooks.h"

#include "daemon/http/server.h"
#include "daemon/sandbox/sandbox.h"
#include "tests/daemon/http/raw_client.h"
#include "tests/daemon/sandbox/rig.h"

#include <vector>

namespace reeld {

using namespace test;
using sandbox::Misbehaviour;
using sandbox::WebhookKind;

namespace {

std::string with_webhook(const std::string& url, const std::string& secret = "sesame") {
    return fmt::format(R"({{"model":"{}","input":{{"prompt":"A gull"}},"webhook_url":"{}",)"
                       R"("webhook_secret":"{}"}})",
                       kKling, url, secret);
}

constexpr const char* kHere = "http://127.0.0.1:9/hooks/t";

/// A provider with one prediction of ten seconds that wants a webhook.
struct Told : Rig {
    explicit Told(sandbox::ProviderOptions options = ten_seconds(), const std::string& url = kHere)
        : Rig(std::move(options)) {
        const auto reply = ask("POST", "/v1/prediction/", with_webhook(url));
        REQUIRE(reply.status == 200);
        after = reply.after_webhook_of;
        id = sandbox::string_member(json_of(reply.body), "predictionID");
    }

    /// All that is due at this age; `accepted`: each is.
    std::vector<sandbox::WebhookPost> posts(Duration age, bool accepted = true) {
        passed = age;
        std::vector<sandbox::WebhookPost> due;
        while (auto post = provider.next_webhook(kStart + passed)) {
            provider.webhook_ended(*post, accepted, kStart + passed);
            due.push_back(*post);
        }
        return due;
    }

    std::string id;
    std::string after;
};

} // namespace

TEST_CASE("the sandbox posts to this machine only") {
    for (const char* url :
         {"http://127.0.0.1:80/x", "http://127.9.9.9/x", "http://localhost:1", "http://[::1]:8/x"})
        CHECK(sandbox::is_loopback_url(url));
    for (const char* url :
         {"", "https://127.0.0.1/x", "http://example.org/x", "http://10.0.0.1/",
          "http://127.0.0.1@example.org/", "http://localhost.example.org/", "http://127.0.0.1.example.org/",
          "ftp://127.0.0.1/", "127.0.0.1", "http://[::1]@example.org/", "http://[::1].example.org/"}) {
        CAPTURE(url);
        CHECK_FALSE(sandbox::is_loopback_url(url));
    }
    Told told{ten_seconds(), "https://example.org/hooks/t"};
    CHECK(told.provider.webhook_due() == Instant::max());
}

TEST_CASE("a prediction's end is told once, with its secret, and not before it has come") {
    Told told;
    CHECK(told.provider.webhook_due() == Told::kStart + 10s);
    CHECK(told.posts(9999ms).empty());
    const auto posts = told.posts(10s);
    REQUIRE(posts.size() == 1);
    CHECK(posts[0].url == kHere);
    CHECK(posts[0].secret == "sesame");
    const auto body = json_of(posts[0].body);
    CHECK(sandbox::string_member(body, "exec_id") == told.id);
    CHECK(sandbox::string_member(body, "status") == "succeeded");
    CHECK(sandbox::string_member(body, "output").starts_with("http://127.0.0.1:8080/media/"));
    CHECK(sandbox::string_member(body, "error") == "");
    CHECK(told.posts(1h).empty());
    CHECK(told.provider.report().webhooks == 1);
    CHECK(told.provider.report().webhooks_accepted == 1);
}

TEST_CASE("a failure is told with its reason as the first of an array") {
    Told told{always(sandbox::Ending::provider)};
    const auto posts = told.posts(10s);
    REQUIRE(posts.size() == 1);
    const auto body = json_of(posts[0].body);
    CHECK(sandbox::string_member(body, "status") == "failed");
    REQUIRE(body["output"].IsArray());
    CHECK_FALSE(sandbox::string_member(body["output"][0], "error").empty());
}

TEST_CASE("a webhook that is not accepted is tried three times, ten seconds apart") {
    Told told;
    CHECK(told.posts(10s, false).size() == 1);
    CHECK(told.posts(19s, false).empty());
    CHECK(told.posts(20s, false).size() == 1);
    CHECK(told.posts(30s, false).size() == 1);
    CHECK(told.posts(1h, false).empty());
    CHECK(told.provider.report().webhooks_accepted == 0);
}

TEST_CASE("a cancelled prediction tells nothing") {
    Told told;
    REQUIRE(told.ask("POST", "/v1/prediction/" + told.id + "/cancel").status == 200);
    CHECK(told.posts(1h).empty());
}

TEST_CASE("webhooks are lost, doubled, late, forged, reordered and early on request") {
    CHECK(Told{always(Misbehaviour::webhook_lost)}.posts(1h).empty());
    CHECK(Told{always(Misbehaviour::webhook_doubled)}.posts(10s).size() == 2);

    Told late{always(Misbehaviour::webhook_late)};
    CHECK(late.provider.webhook_due() > Told::kStart + 10s);
    CHECK(late.posts(70s).size() == 1);

    Told forged{always(Misbehaviour::webhook_forged)};
    const auto lies = forged.posts(5s, false);
    REQUIRE(lies.size() == 2);
    CHECK(lies[0].secret != "sesame");
    CHECK(lies[0].url == kHere);
    CHECK(lies[1].secret == "sesame");
    CHECK(lies[1].url != kHere);
    CHECK(forged.posts(10s).size() == 1);
    CHECK(forged.posts(1h).empty());

    const auto two = Told{always(Misbehaviour::webhook_reordered)}.posts(10s);
    REQUIRE(two.size() == 2);
    CHECK(two[0].attempt.kind == WebhookKind::end);
    CHECK(sandbox::string_member(json_of(two[1].body), "status") == "processing");

    Told early{always(Misbehaviour::webhook_early)};
    CHECK(early.after == early.id);
    CHECK(early.posts(0s).size() == 1);
    CHECK(early.status(early.id) == "success");
}

TEST_CASE("a sandbox that starts again on its state file still tells ends that are to come") {
    Told told;
    const auto line = [&] {
        Rig rig;
        return rig.ask("POST", "/v1/prediction/", with_webhook(kHere)).record;
    }();
    Rig rig;
    REQUIRE(rig.provider.restore(line, {Rig::kStart + 4s, kMorning + 4s}) == "");
    CHECK(rig.provider.webhook_due() == Rig::kStart + 10s);
    Rig late;
    REQUIRE(late.provider.restore(line, {Rig::kStart + 1h, kMorning + 1h}) == "");
    CHECK(late.provider.webhook_due() == Instant::max());
}

TEST_CASE("a secret that is no header's value is refused") {
    Rig rig;
    CHECK(rig.ask("POST", "/v1/prediction/", with_webhook(kHere, "a\\nb")).status == 400);
}

TEST_CASE("webhooks arrive over a socket, and an early one before its create's answer") {
    for (const bool early : {false, true}) {
        Loop loop;
        std::vector<std::string> heard;
        const http::Server receiver(loop, {},
                                    [&](const http::Request& request, const http::Respond& respond) {
                                        heard.push_back(fmt::format("{} {} {}", request.method, request.path,
                                                                    request.header("X-Webhook-Secret")));
                                        respond({});
                                    });
        SandboxOptions options;
        options.provider = early ? always(Misbehaviour::webhook_early) : sandbox::ProviderOptions{};
        options.provider.time = early ? Duration{1h} : Duration{1ms};
        Sandbox site(loop, options);
        const auto& url = site.base_url();
        RawClient client(loop, static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1))));
        const auto body = with_webhook(fmt::format("http://127.0.0.1:{}/hooks/t", receiver.port()));
        client.send(fmt::format("POST /v1/prediction/ HTTP/1.1\r\nHost: h\r\nX-API-Key: k\r\nContent-Length: "
                                "{}\r\n\r\n{}",
                                body.size(), body));
        CHECK(client.answer().find("predictionID") != std::string::npos);
        if (early) CHECK(heard.size() == 1);
        while (heard.empty()) loop.turn(100ms);
        CHECK(heard[0] == "POST /hooks/t sesame");
    }
}

} // namespace reeld
