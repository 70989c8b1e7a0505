#include "daemon/journal/sqlite.h"
#include "tests/daemon/app/running_app.h"
#include "tests/support/contains.h"

#include <doctest/doctest.h>

#include <set>

namespace reeld::test {

namespace {

int intents_in(const std::vector<Event>& events) {
    int intents = 0;
    for (const Event& event : events)
        intents += std::holds_alternative<event::CreateIntended>(event.fact) ? 1 : 0;
    return intents;
}

/// The disk is full from the first answer to a create on.
void fill_at_first_answer(RunningApp& it) {
    it.on_event = [&it](const Event& event) {
        if (std::holds_alternative<event::CreateAccepted>(event.fact)) it.disk.full = true;
    };
}

} // namespace

TEST_CASE(
    "a disk that fills up stops creates and polls at once, and all is rendered once when there is space") {
    RunningApp it(2);
    fill_at_first_answer(it);
    const BatchKey batch = it.accept("harbor", 6);
    it.turn_until([&] { return it.count<event::CreateAccepted>() == 2; });
    it.turn_until_refused(2);
    CHECK(it.creates() == 2);
    CHECK(it.provider.received().size() == 2);
    CHECK(it.count<event::CreateIntended>() == 2);
    CHECK(intents_in(it.after_crash()) == 2);
    REQUIRE(it.stalls.size() == 1);
    CHECK(contains(it.stalls[0], "Nothing is sent until"));

    it.on_event = [](const Event&) {
    };
    it.disk.full = false;
    it.turn_until([&] { return it.app.queue().ledger().batch(batch).manifest_written; });
    CHECK(it.stalls.size() == 1);
    CHECK(it.resumed == 1);
    CHECK(it.failures.empty());
    CHECK(it.app.queue().ledger().batch(batch).count(ShotState::succeeded) == 6);
    std::set<std::string> bodies;
    for (const auto& request : it.provider.received()) bodies.insert(request.body);
    CHECK(it.creates() == 6);
    CHECK(bodies.size() == 6 + 1); // The polls' is empty.
}

TEST_CASE("a create whose intent could not be written is sent when it is written, and not before") {
    RunningApp it(2);
    it.turn_until([&] { return it.journal.uncommitted().empty(); });
    it.disk.full = true;
    it.accept("harbor", 2);
    it.turn_until([&] { return it.stalls.size() == 1; });
    it.turn_until_refused(1);
    CHECK(it.count<event::CreateIntended>() == 2); // Decided, and in memory only.
    CHECK(it.creates() == 0);
    CHECK(intents_in(it.after_crash()) == 0);
    it.disk.full = false;
    it.turn_until([&] { return it.count<event::ManifestWritten>() == 1; });
    CHECK(it.creates() == 2);
}

TEST_CASE("a create that cannot leave soon after its intent is withdrawn, and its shot stays queued") {
    RunningApp it(1, Duration{-1}); // However fast the disk is.
    const BatchKey batch = it.accept("harbor", 1);
    it.turn_until([&] { return it.count<event::CreateNotSent>() == 1; });
    CHECK(it.creates() == 0);
    CHECK(it.app.queue().ledger().batch(batch).count(ShotState::queued) == 1);
    CHECK(it.app.queue().ledger().shot({.batch = batch, .index = 0}).attempts == 0);
}

TEST_CASE("a shot that is cancelled before its create could leave is not created") {
    RunningApp it(1);
    it.turn_until([&] { return it.journal.uncommitted().empty(); });
    it.disk.full = true;
    const BatchKey batch = it.accept("harbor", 1);
    it.turn_until([&] { return it.stalls.size() == 1; });
    REQUIRE(it.count<event::CreateIntended>() == 1);
    it.app.record(event::CancelAsked{.shot = {.batch = batch, .index = 0}});
    it.disk.full = false;
    it.turn_until([&] { return it.count<event::ManifestWritten>() == 1; });
    CHECK(it.creates() == 0);
    CHECK(it.app.queue().ledger().batch(batch).count(ShotState::cancelled) == 1);
    CHECK(it.app.queue().ledger().account().suspension(it.loop.now().at) == nullptr);
}

TEST_CASE("a callback that waits for a commit waits through a full disk, and runs once") {
    RunningApp it(2);
    it.turn_until([&] { return it.journal.uncommitted().empty(); });
    it.disk.full = true;
    int ran = 0;
    it.accept("harbor", 1);
    it.app.after_commit([&] { ++ran; });
    it.turn_until_refused(2);
    CHECK(ran == 0);
    it.disk.full = false;
    it.turn_until([&] { return it.count<event::ManifestWritten>() == 1; });
    CHECK(ran == 1);
}

TEST_CASE(
    "a webhook is answered when what it says is on the disk, since the provider does not say it again") {
    RunningApp it(1);
    event::CreateIntended sent;
    it.on_event = [&](const Event& event) {
        if (const auto* intent = std::get_if<event::CreateIntended>(&event.fact)) sent = *intent;
    };
    it.silent = true;
    it.accept("harbor", 1);
    it.turn_until([&] { return it.creates() == 1; });
    std::vector<bool> answers;
    const auto call = [&](const std::string& secret) {
        it.app.webhook_arrived({.token = sent.webhook, .secret = secret, .prediction = "called"},
                               [&](bool known) { answers.push_back(known); });
    };
    call("a guess");
    CHECK(answers == std::vector{false});
    it.disk.full = true;
    call(sent.webhook_secret);
    it.turn_until_refused(2);
    CHECK(answers.size() == 1);
    it.disk.full = false;
    it.turn_until([&] { return answers.size() == 2; });
    CHECK(answers.back());
    CHECK(it.after_crash().back().fact == Fact{event::CreateCalled{sent.shot, "called"}});
}

TEST_CASE("an end on a full disk is granted at once, and names what is paid for and not in the journal") {
    RunningApp it(1);
    fill_at_first_answer(it);
    it.accept("harbor", 3);
    it.turn_until([&] { return !it.stalls.empty(); });
    bool stopped = false;
    it.app.stop([&] { stopped = true; });
    it.turn_until([&] { return stopped; });
    CHECK(contains(it.app.why_stalled(), "the create of harbor/shot-3 is prediction p-1"));
    CHECK(contains(it.app.why_stalled(), "in doubt at the next start"));
    CHECK_FALSE(contains(it.app.why_stalled(), "shot-2"));
}

TEST_CASE(
    "an end on a full disk waits for the answers to creates under way, and names those that do not come") {
    RunningApp it(1);
    it.silent = true;
    it.accept("harbor", 1);
    it.turn_until([&] { return it.creates() == 1; });
    it.disk.full = true;
    it.accept("quay", 1);
    it.turn_until([&] { return !it.stalls.empty(); });
    bool stopped = false;
    it.app.stop([&] { stopped = true; });
    it.turn_until_refused(1);
    CHECK_FALSE(stopped);
    CHECK(contains(it.app.why_stalled(), "the create of harbor/shot-1 was sent and not answered yet"));
}

TEST_CASE("an end that is asked for on a full disk sends nothing that was decided before, space or not") {
    RunningApp it(2);
    it.turn_until([&] { return it.journal.uncommitted().empty(); });
    it.disk.full = true;
    const BatchKey batch = it.accept("harbor", 2);
    it.turn_until([&] { return !it.stalls.empty(); });
    CHECK(contains(it.app.why_stalled(), "Every create that was sent is recorded"));
    it.disk.full = false;
    bool stopped = false;
    it.app.stop([&] { it.app.after_commit([&] { stopped = true; }); });
    it.turn_until([&] { return stopped; });
    CHECK(it.resumed == 1);
    CHECK(it.app.why_stalled().empty());
    CHECK(it.creates() == 0);
    CHECK(it.app.queue().ledger().batch(batch).count(ShotState::queued) == 2);
    CHECK(intents_in(it.after_crash()) == it.count<event::CreateNotSent>());
}

TEST_CASE("a failed sync ends everything at once, and names what the journal may not have") {
    RunningApp it(1);
    it.on_event = [&it](const Event& event) {
        if (std::holds_alternative<event::CreateAccepted>(event.fact)) it.disk.log_sync_fails = true;
    };
    it.accept("harbor", 2);
    it.turn_until([&] { return !it.failures.empty(); });
    it.disk.log_sync_fails = false;
    it.app.wake();
    it.loop.turn(Duration::zero());
    REQUIRE(it.failures.size() == 1);
    CHECK(contains(it.failures[0], "start reeld again"));
    CHECK(contains(it.failures[0], "the create of harbor/shot-2 is prediction p-1"));
    CHECK(it.stalls.empty());
    CHECK(it.provider.received().size() == 1);
}

TEST_CASE("a journal that cannot be read while the list is looked at ends the program with the reason") {
    RunningApp it(1);
    it.broken = true;
    it.accept("harbor", 1);
    it.turn_until([&] { return it.count<event::CreateLost>() == 1; });
    Database(it.folder / "state" / "journal.db", it.disk.name()).execute("DROP TABLE prediction");
    it.turn_until([&] { return !it.failures.empty(); });
    CHECK(contains(it.failures[0], "no such table"));
    CHECK(it.creates() == 1);
}

TEST_CASE("a failed sync of intents names the shots that were not sent, whatever the next start finds") {
    RunningApp it(2);
    it.turn_until([&] { return it.journal.uncommitted().empty(); });
    it.accept("harbor", 3);
    it.disk.log_sync_fails = true;
    it.turn_until([&] { return !it.failures.empty(); });
    CHECK(contains(it.failures[0], "Not sent, whatever the next start finds: harbor/shot-"));
    CHECK(contains(it.failures[0], "Every create that was sent is recorded"));
    CHECK(it.creates() == 0);
}

} // namespace reeld::test
