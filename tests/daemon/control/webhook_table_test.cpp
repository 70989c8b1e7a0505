#include "tests/daemon/control/called_app.h"
#include "tests/daemon/output/file_text.h"

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

/// One shot that renders as p-1.
struct Rendering : CalledApp {
    Rendering() {
        shot = {.batch = accept("harbor", 1), .index = 0};
        turn_until([this] { return state(shot) == ShotState::rendering; });
    }
    ShotRef shot;
};

/// One shot whose create was answered with 500, and is in doubt.
struct InDoubt : CalledApp {
    InDoubt() {
        broken = true;
        shot = {.batch = accept("harbor", 1), .index = 0};
        turn_until([this] { return state(shot) == ShotState::in_doubt; });
    }
    ShotRef shot;
};

} // namespace

TEST_CASE("each create carries an address and a secret of its own, and no log line or manifest does") {
    Rendering app;
    const std::string token = app.active(app.shot).webhook;
    const std::string secret = app.active(app.shot).webhook_secret;
    CHECK(token.size() == 32);
    CHECK(secret.size() == 32);
    CHECK(token != secret);
    const auto create = app.provider.received().front();
    CHECK(create.body.find("\"webhook_url\":\"https://clips.example.org/hooks/" + token + "\"") !=
          std::string::npos);
    CHECK(create.body.find("\"webhook_secret\":\"" + secret + "\"") != std::string::npos);
    app.ended = true;
    CHECK(app.call(app.shot, "p-1") == 200);
    app.turn_until([&] { return app.app->queue().ledger().batch(app.shot.batch).manifest_written; });
    const auto line = text_of(app.folder / "output" / "harbor" / "manifest.json");
    CHECK_FALSE(line.empty());
    CHECK(line.find(token) == std::string::npos);
    CHECK(line.find(secret) == std::string::npos);
}

TEST_CASE("a webhook leads to a poll at once, and the poll alone decides") {
    Rendering app;
    CHECK(app.polls() == 0);
    CHECK(app.call(app.shot, "p-1") == 200); // It says that it succeeded.
    app.turn_until([&] { return app.count<event::PollPending>() == 1; });
    CHECK(app.state(app.shot) == ShotState::rendering);
    app.ended = true;
    CHECK(app.call(app.shot, "p-1") == 200);
    app.turn_until([&] { return app.state(app.shot) == ShotState::succeeded; });
    const auto line = app.journal->events_of(app.shot);
    const auto& rendered = std::get<event::PredictionSucceeded>(line.back().fact).rendered;
    CHECK(rendered.urls == std::vector<std::string>{"https://cdn.test/a.mp4"});
}

TEST_CASE("unknown, forged and malformed webhooks change nothing") {
    Rendering app;
    const std::string token = app.active(app.shot).webhook;
    const std::string secret = app.active(app.shot).webhook_secret;
    const std::string other(32, '0');
    CHECK(app.call(other, secret, "p-1") == 404);
    CHECK(app.call(token, other, "p-1") == 404);
    CHECK(app.call(token, "", "p-1") == 404);
    CHECK(app.call(secret, token, "p-1") == 404);
    CHECK(app.call(token + "0", secret, "p-1") == 404);
    CHECK(app.call("/" + token, secret, "p-1") == 404);
    CHECK(app.call("", "", "p-1") == 404);
    CHECK(app.call(token, secret, "") == 404);
    CHECK(app.call(token, secret, "p-2") == 404); // Another's.
    CHECK(app.count<event::WebhookArrived>() == 0);
    CHECK(app.polls() == 0);
    CHECK(app.state(app.shot) == ShotState::rendering);
}

TEST_CASE("a thousand replays of a webhook lead to a handful of polls") {
    Rendering app;
    const auto request = [&] {
        const std::string body = R"({"exec_id":"p-1","status":"failed"})";
        return fmt::format("POST /hooks/{} HTTP/1.1\r\nHost: h\r\nX-Webhook-Secret: {}\r\n"
                           "Content-Length: {}\r\n\r\n{}",
                           app.active(app.shot).webhook, app.active(app.shot).webhook_secret, body.size(),
                           body);
    }();
    int taken = 0;
    int limited = 0;
    for (int i = 0; i < 1'000; ++i) {
        const int status = app.send(request);
        taken += status == 200 ? 1 : 0;
        limited += status == 429 ? 1 : 0;
    }
    CHECK(taken + limited == 1'000);
    CHECK(app.count<event::WebhookArrived>() <= WebhookArrivals::kHintsMax);
    // After each, the provider may be asked a little more eagerly; but not a thousand times.
    CHECK(app.polls() <= 4 * WebhookArrivals::kHintsMax);
    CHECK(app.state(app.shot) == ShotState::rendering);
}

TEST_CASE("a webhook that comes before the create's answer counts when that is there") {
    CalledApp app;
    const ShotRef shot{.batch = app.accept("harbor", 1), .index = 0};
    // The intent is recorded in this turn, and the answer cannot come before the next ones.
    app.turn_until([&] { return app.state(shot) == ShotState::creating; });
    CHECK(app.arrives(shot, "p-1"));
    CHECK(app.count<event::WebhookArrived>() == 0);
    app.ended = true;
    app.turn_until([&] { return app.state(shot) == ShotState::succeeded; });
    CHECK(app.count<event::WebhookArrived>() == 1);
}

TEST_CASE("an early webhook that names another prediction than the answer does is forgotten") {
    CalledApp app;
    const ShotRef shot{.batch = app.accept("harbor", 1), .index = 0};
    app.turn_until([&] { return app.state(shot) == ShotState::creating; });
    CHECK(app.arrives(shot, "p-7"));
    app.turn_until([&] { return app.state(shot) == ShotState::rendering; });
    CHECK(app.count<event::WebhookArrived>() == 0);
    CHECK(app.polls() == 0);
}

TEST_CASE("a webhook ends a doubt when the prediction that it names has the shot's input") {
    InDoubt app;
    app.ended = true;
    CHECK(app.call(app.shot, "p-9") == 200);
    app.turn_until([&] { return app.state(app.shot) == ShotState::succeeded; });
    const auto events = app.journal->events_of(app.shot);
    int adoptions = 0;
    for (const Event& event : events) {
        const auto* adopted = std::get_if<event::CreateAdopted>(&event.fact);
        if (adopted == nullptr) continue;
        ++adoptions;
        CHECK(adopted->prediction == "p-9");
        CHECK(adopted->by == SettledBy::webhook);
    }
    CHECK(adoptions == 1);
}

TEST_CASE("a webhook that came before the create was given up for lost ends the doubt at its beginning") {
    CalledApp app;
    app.broken = true;
    const ShotRef shot{.batch = app.accept("harbor", 1), .index = 0};
    app.turn_until([&] { return app.state(shot) == ShotState::creating; });
    CHECK(app.arrives(shot, "p-9"));
    app.ended = true;
    app.turn_until([&] { return app.state(shot) == ShotState::succeeded; });
    CHECK(app.count<event::CreateLost>() == 1);
    CHECK(app.count<event::CreateAdopted>() == 1);
}

TEST_CASE("a prediction with another input is not adopted, whoever names it") {
    InDoubt app;
    app.other_input = true;
    CHECK(app.call(app.shot, "p-9") == 200);
    app.turn_until([&] { return app.polls() == 1; });
    for (int turns = 0; turns < 20; ++turns) app.loop.turn(1ms);
    CHECK(app.state(app.shot) == ShotState::in_doubt);
    CHECK(app.count<event::CreateAdopted>() == 0);
}

TEST_CASE("a provider that does not tell the input at once is asked again") {
    InDoubt app;
    app.poll_errors = 1;
    app.ended = true;
    CHECK(app.call(app.shot, "p-9") == 200);
    app.turn_until([&] { return app.state(app.shot) == ShotState::succeeded; });
    CHECK(app.count<event::CreateAdopted>() == 1);
}

TEST_CASE("webhooks of a shot that has ended, or was cancelled, are known no more") {
    Rendering app;
    const std::string token = app.active(app.shot).webhook;
    const std::string secret = app.active(app.shot).webhook_secret;
    app.app->record(event::CancelAsked{app.shot});
    CHECK(app.call(token, secret, "p-1") == 200); // Its end is still asked for.
    app.ended = true;
    app.turn_until([&] { return is_final(app.state(app.shot)); });
    const int polls = app.polls();
    CHECK(app.call(token, secret, "p-1") == 404);
    CHECK(app.polls() == polls);
}

TEST_CASE("after a restart the journal still knows whose a webhook is") {
    Rendering app;
    const std::string token = app.active(app.shot).webhook;
    const std::string secret = app.active(app.shot).webhook_secret;
    app.start();
    CHECK(app.active(app.shot).webhook == token);
    app.ended = true;
    CHECK(app.call(token, secret, "p-1") == 200);
    app.turn_until([&] { return app.state(app.shot) == ShotState::succeeded; });
}

TEST_CASE("what the provider says of an address that it refuses is kept without the token and the secret") {
    CalledApp app;
    app.refuses = true;
    const ShotRef shot{.batch = app.accept("harbor", 1), .index = 0};
    app.turn_until([&] { return app.state(shot) == ShotState::failed; });
    app.turn_until([&] { return app.app->queue().ledger().batch(shot.batch).manifest_written; });
    const auto events = app.journal->events_of(shot);
    const auto& intent = std::get<event::CreateIntended>(events.front().fact);
    const auto& refusal = std::get<event::CreateRefused>(events.back().fact).refusal;
    CHECK(refusal.error.message.find("cannot be reached") != std::string::npos);
    const auto document = text_of(app.folder / "output" / "harbor" / "manifest.json");
    for (const std::string& text : std::vector{refusal.error.message, refusal.error.details, document}) {
        CHECK(text.find(intent.webhook) == std::string::npos);
        CHECK(text.find(intent.webhook_secret) == std::string::npos);
    }
}

} // namespace reeld::test
