/// An App whose creates carry webhooks, with the listener that they arrive at, and a provider behind a socket
/// that does as it is told.
///
/// The provider makes one prediction, p-1, whatever is created, and shows the input that was sent last.
/// Nothing is polled of itself, so that each poll is due to a webhook. Its list of executions cannot be had,
/// so that nothing but a webhook ends a doubt.
#pragma once

#include "daemon/app/app.h"
#include "daemon/control/webhook_listener.h"
#include "tests/daemon/http/raw_client.h"
#include "tests/support/fault_server.h"
#include "tests/support/sample_journal.h"
#include "tests/support/temp_folder.h"

#include <atomic>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace reeld::test {

class CalledApp {
public:
    /// Predictions that run until `ended`; no list of executions.
    CalledApp()
        : provider([this](const ReceivedRequest& request) { return react(request); }), http(loop, {}) {
        start();
    }

    /// Begins, on what the journal has; ends what ran before as a crash would, but for what was committed.
    /// Must be called before all else.
    void start() {
        using namespace std::chrono_literals;
        listener.reset();
        app.reset();
        journal.reset();
        journal.emplace(Journal::Options{.folder = folder / "state", .provider = "sandbox"});
        Config config;
        config.api.base_url = provider.url("/v1");
        config.webhook = {.public_url = "https://clips.example.org/hooks",
                          .listen = ListenAddress{.address = "127.0.0.1", .port = 8788}};
        config.polling.first = 1h; // Of itself, nothing is polled.
        config.polling.give_up = give_up;
        app.emplace(App::Parts{loop, *journal, http},
                    App::Options{.config = config, .key = "key-for-tests", .typical = {}}, reports());
        app->start();
        listener.emplace(loop,
                         WebhookListener::Options{.listen = {.address = "127.0.0.1", .port = 0},
                                                  .path = "/hooks",
                                                  .per_address = {}},
                         [this](const WebhookCall& call, std::function<void(bool)> answer) {
                             app->webhook_arrived(call, std::move(answer));
                         });
    }

    /// Accepts a batch of sample shots.
    BatchKey accept(const std::string& name, std::uint32_t shots) {
        BatchRow row = sample_batch(name, shots);
        row.folder = (folder / "output" / name).string();
        const BatchKey key = journal->add_batch(row);
        std::vector<StoryboardShot> rows;
        for (std::uint32_t index = 0; index < shots; ++index) rows.push_back(sample_shot(index));
        journal->add_shots(key, 0, rows);
        static_cast<void>(journal->commit());
        app->record(event::BatchAccepted{sample_facts(key, name, shots)});
        return key;
    }

    /// Turns the loop until `done`; fails the test when that takes longer than anything here can.
    void turn_until(const std::function<bool()>& done) {
        using namespace std::chrono_literals;
        const Instant limit = loop.now().at + 60s;
        while (!done()) {
            loop.turn(100ms);
            REQUIRE(loop.now().at < limit);
        }
    }

    [[nodiscard]] ShotState state(ShotRef ref) const { return app->queue().ledger().shot(ref).state; }
    [[nodiscard]] const ActiveShot& active(ShotRef ref) const {
        return app->queue().ledger().active().at(ref);
    }

    /// Sends the bytes to the listener; the status of its answer.
    int send(std::string_view bytes) {
        RawClient client(loop, listener->port());
        client.send(bytes);
        return status_of(client.answer());
    }
    /// A webhook that claims success, with a video of its own; the status of the answer.
    int call(const std::string& token, const std::string& secret, const std::string& prediction) {
        const std::string body = fmt::format(
            R"({{"exec_id":"{}","status":"succeeded","output":"https://evil.test/a.mp4","error":""}})",
            prediction);
        return send(fmt::format("POST /hooks/{} HTTP/1.1\r\nHost: h\r\nX-Webhook-Secret: {}\r\n"
                                "Content-Length: {}\r\n\r\n{}",
                                token, secret, body.size(), body));
    }
    /// The provider's own webhook for the shot, as its create asked for it.
    int call(ShotRef ref, const std::string& prediction) {
        return call(active(ref).webhook, active(ref).webhook_secret, prediction);
    }

    /// The same without a socket, so that it comes before whatever a socket brings. False: refused.
    bool arrives(ShotRef ref, const std::string& prediction) {
        const std::string token = active(ref).webhook;
        const std::string secret = active(ref).webhook_secret;
        const auto refused = std::make_shared<bool>(false);
        app->webhook_arrived({.token = token, .secret = secret, .prediction = prediction},
                             [refused](bool known) { *refused = !known; });
        return !*refused;
    }

    /// Events of one kind, so far.
    template <class Fact>
    [[nodiscard]] int count() const {
        int found = 0;
        for (const Event& event : happened) found += std::holds_alternative<Fact>(event.fact) ? 1 : 0;
        return found;
    }
    /// Requests for a prediction that reached the provider.
    [[nodiscard]] int polls() const {
        int polls = 0;
        for (const auto& request : provider.received())
            polls += request.head.starts_with("GET /v1/prediction/") ? 1 : 0;
        return polls;
    }

    std::atomic<bool> broken{false};          ///< Creates are answered with 500, and create all the same.
    std::atomic<bool> refuses{false};         ///< Creates are answered with 422, and a word on their webhook.
    std::atomic<bool> ended{false};           ///< What polls say.
    std::atomic<bool> other_input{false};     ///< Polls show another input than was sent.
    std::atomic<int> poll_errors{0};          ///< So many polls are answered with 503.
    std::mutex answers;                       ///< Whoever holds it has polls wait for their answers.
    Duration give_up = std::chrono::hours{1}; ///< For the next start().
    TempFolder folder;
    FaultServer provider;
    Loop loop;
    std::optional<Journal> journal;
    Http http;
    std::vector<Event> happened;
    std::vector<std::string> troubles;
    std::optional<App> app;
    std::optional<WebhookListener> listener;

private:
    /// Runs in the connections' threads.
    Reaction react(const ReceivedRequest& request) {
        using namespace std::chrono_literals;
        if (request.head.find("/executions?") != std::string::npos) return answer(500, "{}");
        if (!request.head.starts_with("POST ")) return poll_reaction();
        if (request.head.find("/cancel ") != std::string::npos)
            return answer(200, R"({"status":"cancelled"})");
        const std::lock_guard lock(mutex_);
        const auto begin = request.body.find("\"input\":") + 8;
        input_ = request.body.substr(begin, request.body.find(",\"webhook_url\"") - begin);
        if (refuses) {
            const std::string url = request.body.substr(request.body.find("\"webhook_url\""));
            return answer(422, fmt::format(R"({{"status":"error","message":"it cannot be reached: {}"}})",
                                           escaped(url)));
        }
        if (broken) return answer(500, R"({"status":"error","message":"it broke"})");
        return answer(200, R"({"status":"success","predictionID":"p-1"})");
    }

    /// As it stands in a JSON string.
    static std::string escaped(const std::string& text) {
        std::string out;
        for (const char c : text) out += c == '"' ? std::string("\\\"") : std::string(1, c);
        return out;
    }

    Reaction poll_reaction() {
        if (poll_errors.fetch_sub(1) > 0) return answer(503, "{}");
        const std::scoped_lock lock(answers, mutex_);
        return answer(200, fmt::format(R"({{"status":"{}","output":"https://cdn.test/a.mp4","input":{}}})",
                                       ended ? "success" : "processing",
                                       other_input ? R"({"prompt":"another"})" : input_));
    }

    App::Reports reports() {
        return {.happened = [this](const Event& event) { happened.push_back(event); },
                .trouble = [this](const std::string& line) { troubles.push_back(line); },
                .on_journal_failed = [](const std::string& why) { FAIL(why); },
                .on_journal_stalled = [](const std::string& why) { FAIL(why); },
                .on_journal_resumed =
                    [] {
                    }};
    }

    std::mutex mutex_;
    std::string input_; ///< Of the last create.
};

} // namespace reeld::test
