#include "tests/daemon/app/running_app.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace reeld::test {

using namespace std::chrono_literals;

namespace {

bool is_create(const ReceivedRequest& request) {
    return request.head.starts_with("POST ");
}

} // namespace

RunningApp::RunningApp(int slots, Duration intent_age_max)
    : provider([this](const ReceivedRequest& request) { return react(request); }),
      journal({.folder = folder / "state", .provider = "sandbox", .vfs = disk.name()}), http(loop, {}),
      app({loop, journal, http}, options(slots, intent_age_max), reports()) {
    app.start();
}

Reaction RunningApp::react(const ReceivedRequest& request) {
    if (request.head.find("/executions?") != std::string::npos)
        return answer(200, R"({"executions":[{"id":"p-1","created_at":"2100-01-01T00:00:00Z"}]})",
                      "Date: Fri, 01 Jan 2100 00:00:01 GMT\r\n");
    if (!is_create(request)) return answer(200, R"({"status":"success","output":"https://cdn.test/a.mp4"})");
    if (broken) return answer(500, R"({"status":"error","message":"it broke"})");
    if (silent) return {.bytes = "", .then = Reaction::Then::stall};
    return answer(200, fmt::format(R"({{"status":"success","predictionID":"p-{}"}})", ++predictions_));
}

App::Options RunningApp::options(int slots, Duration intent_age_max) const {
    Config config;
    config.api.base_url = provider.url("/v1");
    config.webhook.public_url = "https://hooks.test";
    config.limits.concurrent = slots;
    config.polling.first = 10ms;
    config.polling.min = 10ms;
    config.polling.max = 50ms;
    return {.config = config, .key = "key-for-tests", .typical = {}, .intent_age_max = intent_age_max};
}

App::Reports RunningApp::reports() {
    return {.happened =
                [this](const Event& event) {
                    happened.push_back(event);
                    on_event(event);
                },
            .trouble = [this](const std::string& line) { troubles.push_back(line); },
            .on_journal_failed = [this](const std::string& why) { failures.push_back(why); },
            .on_journal_stalled = [this](const std::string& why) { stalls.push_back(why); },
            .on_journal_resumed =
                [this] {
                    ++resumed;
                }};
}

BatchKey RunningApp::accept(const std::string& name, std::uint32_t shots) {
    BatchRow row = sample_batch(name, shots);
    row.folder = (folder / "output" / name).string();
    std::error_code something_in_the_way;
    std::filesystem::create_directories(row.folder, something_in_the_way);
    const BatchKey key = journal.add_batch(row);
    std::vector<StoryboardShot> rows;
    for (std::uint32_t index = 0; index < shots; ++index) rows.push_back(sample_shot(index));
    journal.add_shots(key, 0, rows);
    static_cast<void>(journal.commit());
    app.record(event::BatchAccepted{sample_facts(key, name, shots)});
    return key;
}

void RunningApp::turn_until(const std::function<bool()>& done) {
    const Instant limit = loop.now().at + 60s;
    while (!done()) {
        loop.turn(100ms);
        REQUIRE(loop.now().at < limit);
    }
}

void RunningApp::turn_until_refused(int count) {
    static_cast<void>(disk.take_operations());
    REQUIRE(disk.full);
    int refused = 0;
    turn_until([&] {
        refused += static_cast<int>(disk.take_operations().size());
        return refused >= count;
    });
}

int RunningApp::creates() const {
    int creates = 0;
    for (const auto& request : provider.received()) creates += is_create(request) ? 1 : 0;
    return creates;
}

std::vector<Event> RunningApp::after_crash() const {
    const TempFolder crashed;
    for (const char* name : {"journal.db", "journal.db-wal"})
        std::filesystem::copy_file(folder / "state" / name, crashed / name);
    return replayed(Journal({.folder = crashed.path(), .provider = "sandbox", .vfs = disk.name()}));
}

} // namespace reeld::test
