#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace reeld::test {

namespace {

/// The predictions that are to be cancelled at the provider now.
std::vector<std::string> cancels(DrivenQueue& queue) {
    std::vector<std::string> predictions;
    for (const Action& action : queue.take_all()) {
        if (const auto* cancel = std::get_if<action::Cancel>(&action))
            predictions.push_back(cancel->prediction);
    }
    return predictions;
}

/// Lines of a manifest that are to be written now.
std::size_t lines(DrivenQueue& queue) {
    const auto actions = queue.take_all();
    return static_cast<std::size_t>(std::count_if(actions.begin(), actions.end(), [](const Action& it) {
        return std::holds_alternative<action::AppendLine>(it);
    }));
}

DrivenQueue with_a_shot() {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    return queue;
}

} // namespace

TEST_CASE("a queued shot that is cancelled is final at once and never created") {
    auto queue = with_a_shot();
    queue.record(event::CancelAsked{kShot});
    CHECK(queue.state(kShot) == ShotState::cancelled);
    CHECK(lines(queue) == 1);
    CHECK(queue.creates().empty());
}

TEST_CASE("a shot that waits for its next attempt is cancelled as one that waits for its first") {
    auto queue = with_a_shot();
    queue.accepted_creates();
    queue.failed(kShot);
    REQUIRE(queue.state(kShot) == ShotState::queued);
    queue.record(event::CancelAsked{kShot});
    queue.now += 10min;
    CHECK(queue.creates().empty());
    CHECK(queue.idle_until() == Instant::max());
}

TEST_CASE(
    "a running prediction that a person cancels is cancelled at the provider, once, and asked for its end") {
    auto queue = with_a_shot();
    queue.accepted_creates();
    queue.record(event::CancelAsked{kShot});
    CHECK(cancels(queue) == std::vector<std::string>{"p1.0"});
    CHECK(cancels(queue).empty());
    CHECK(queue.state(kShot) == ShotState::rendering);
    queue.record(event::PredictionCancelled{kShot});
    CHECK(queue.state(kShot) == ShotState::cancelled);
    CHECK(queue.ledger().slots_taken(queue.now) == 0);
}

TEST_CASE("what a cancelled prediction renders all the same is delivered") {
    auto queue = with_a_shot();
    queue.accepted_creates();
    queue.record(event::CancelAsked{kShot});
    queue.succeeded(kShot);
    CHECK(queue.state(kShot) == ShotState::succeeded);
}

TEST_CASE("a cancelled prediction that fails is not tried again") {
    auto queue = with_a_shot();
    queue.accepted_creates();
    queue.record(event::CancelAsked{kShot});
    queue.failed(kShot);
    CHECK(queue.state(kShot) == ShotState::failed);
    queue.now += 10min;
    CHECK(queue.creates().empty());
}

TEST_CASE("a create under way when a person cancels is cancelled when it is answered") {
    auto queue = with_a_shot();
    queue.creates();
    queue.record(event::CancelAsked{kShot});
    CHECK(queue.state(kShot) == ShotState::creating);
    queue.accepted(kShot);
    CHECK(cancels(queue).size() == 1);
}

TEST_CASE("a cancelled create that was refused is not sent again") {
    auto queue = with_a_shot();
    queue.creates();
    queue.record(event::CancelAsked{kShot});
    queue.refused(kShot, RefusalKind::too_fast);
    CHECK(queue.state(kShot) == ShotState::cancelled);
    CHECK(lines(queue) == 1);
    queue.now += 10min;
    CHECK(queue.creates().empty());
}

TEST_CASE("a lost create is looked for although its shot is cancelled, and what it made is cancelled too") {
    auto queue = with_a_shot();
    queue.creates();
    queue.lost(kShot);
    queue.record(event::CancelAsked{kShot});
    CHECK(queue.state(kShot) == ShotState::in_doubt);
    queue.record(event::CreateAdopted{.shot = kShot, .prediction = "found", .by = SettledBy::list});
    CHECK(cancels(queue) == std::vector<std::string>{"found"});
}

TEST_CASE("a held shot that is cancelled is final and keeps its slot while its create may be live") {
    auto queue = with_a_shot();
    queue.creates();
    queue.held(kShot);
    queue.record(event::CancelAsked{kShot});
    CHECK(queue.state(kShot) == ShotState::cancelled);
    CHECK(queue.ledger().held() == 0);
    CHECK(queue.ledger().slots_taken(queue.now) == 1);
    CHECK(queue.ledger().slots_taken(queue.now + queue.ledger().rules().give_up) == 0);
}

TEST_CASE("a cancelled shot whose create cannot be settled is not held") {
    auto queue = with_a_shot();
    queue.creates();
    queue.lost(kShot);
    queue.record(event::CancelAsked{kShot});
    queue.record(event::CreateHeld{.shot = kShot, .reason = "there is no list"});
    CHECK(queue.state(kShot) == ShotState::cancelled);
    CHECK(queue.ledger().held() == 0);
    CHECK(lines(queue) == 1);
}

TEST_CASE("a cancel that a crash may have cut off is sent after it") {
    auto queue = with_a_shot();
    queue.accepted_creates();
    queue.record(event::CancelAsked{kShot});
    queue.restart();
    CHECK(cancels(queue).size() == 1);
    queue.restart();
    CHECK(cancels(queue).size() == 1);
}

TEST_CASE("nothing final is cancelled, and nothing twice") {
    auto queue = with_a_shot();
    queue.accepted_creates();
    queue.record(event::CancelAsked{kShot});
    CHECK_THROWS(queue.record(event::CancelAsked{kShot}));
    queue.succeeded(kShot);
    CHECK_THROWS(queue.record(event::CancelAsked{kShot}));
}

TEST_CASE("of a paused batch nothing new is created, and of the others all is") {
    DrivenQueue queue;
    queue.accept(1, shots(2, 50));
    queue.accept(2, shots(2));
    queue.record(event::Paused{1});
    CHECK(queue.accepted_creates() == std::vector<ShotRef>{{2, 0}, {2, 1}});
    queue.restart();
    CHECK(queue.creates().empty());
    queue.record(event::Resumed{1});
    CHECK(queue.creates() == std::vector<ShotRef>{{1, 0}, {1, 1}});
}

TEST_CASE("while all is paused nothing is created, and what is under way goes on") {
    auto queue = with_a_shot();
    queue.accepted_creates();
    queue.record(event::Paused{});
    queue.accept(2, shots(1));
    CHECK(queue.creates().empty());
    queue.failed(kShot);
    queue.now += 10min;
    CHECK(queue.creates().empty());
    queue.restart();
    CHECK(queue.creates().empty());
    queue.record(event::Resumed{});
    CHECK(queue.creates().size() == 2);
}

TEST_CASE("a shot whose wait ends while its batch is paused is created when that goes on") {
    auto queue = with_a_shot();
    queue.accepted_creates();
    queue.failed(kShot);
    queue.record(event::Paused{1});
    queue.now += 10min;
    CHECK(queue.creates().empty());
    queue.record(event::Resumed{1});
    CHECK(queue.creates() == std::vector<ShotRef>{kShot});
}

TEST_CASE("a pause of all and a pause of a batch are ended each on its own") {
    auto queue = with_a_shot();
    queue.record(event::Paused{});
    queue.record(event::Paused{1});
    CHECK_THROWS(queue.record(event::Paused{1}));
    queue.record(event::Resumed{});
    CHECK(queue.creates().empty());
    CHECK_THROWS(queue.record(event::Resumed{}));
    CHECK_THROWS(queue.record(event::Paused{7}));
    queue.record(event::Resumed{1});
    CHECK(queue.creates().size() == 1);
}

TEST_CASE("a shot that failed and is asked for once more has all its attempts again, and goes on counting") {
    DrivenQueue queue{{.attempts = 2}};
    queue.accept(1, shots(1));
    for (int attempt = 0; attempt < 2; ++attempt) {
        queue.now += 10min;
        REQUIRE(queue.accepted_creates().size() == 1);
        queue.failed(kShot);
    }
    REQUIRE(queue.state(kShot) == ShotState::failed);
    queue.record(event::RetryAsked{kShot});
    for (int attempt = 3; attempt <= 4; ++attempt) {
        queue.now += 10min;
        REQUIRE(queue.accepted_creates().size() == 1);
        CHECK(queue.ledger().shot(kShot).attempts == attempt);
        queue.failed(kShot);
    }
    CHECK(queue.state(kShot) == ShotState::failed);
}

TEST_CASE(
    "a finished batch of which a shot is asked for once more is finished anew, with a line and a manifest") {
    auto queue = with_a_shot();
    queue.record(event::CancelAsked{kShot});
    queue.take_all();
    queue.record(event::ManifestWritten{1});
    queue.record(event::RetryAsked{kShot});
    CHECK_FALSE(queue.ledger().batch(1).manifest_written);
    queue.restart();
    CHECK(queue.accepted_creates() == std::vector<ShotRef>{kShot});
    queue.succeeded(kShot);
    const auto actions = queue.take_all();
    REQUIRE(actions.size() == 2);
    CHECK(std::holds_alternative<action::AppendLine>(actions[0]));
    CHECK(std::holds_alternative<action::WriteManifest>(actions[1]));
}

TEST_CASE("a line that was not written yet when its shot is asked for once more is not written") {
    auto queue = with_a_shot();
    queue.record(event::CancelAsked{kShot});
    queue.record(event::RetryAsked{kShot});
    CHECK(lines(queue) == 0);
}

TEST_CASE("only what failed or was cancelled is asked for once more") {
    auto queue = with_a_shot();
    CHECK_THROWS(queue.record(event::RetryAsked{kShot}));
    queue.accepted_creates();
    CHECK_THROWS(queue.record(event::RetryAsked{kShot}));
    queue.succeeded(kShot);
    CHECK_THROWS(queue.record(event::RetryAsked{kShot}));
}

TEST_CASE("a batch that is given another priority is served by it, after a restart too") {
    DrivenQueue queue{{.slots = 1}};
    queue.accept(1, shots(2));
    queue.accept(2, shots(2));
    queue.record(event::Reprioritised{.batch = 2, .priority = 7});
    CHECK(queue.accepted_creates() == std::vector<ShotRef>{{2, 0}});
    queue.restart();
    queue.succeeded({2, 0});
    CHECK(queue.accepted_creates() == std::vector<ShotRef>{{2, 1}});
    queue.record(event::Reprioritised{.batch = 1, .priority = -100});
    CHECK_THROWS(queue.record(event::Reprioritised{.batch = 1, .priority = 101}));
    CHECK_THROWS(queue.record(event::Reprioritised{.batch = 9, .priority = 0}));
}

TEST_CASE(
    "another priority does not wake a batch that is paused, nor a shot that waits for its next attempt") {
    auto queue = with_a_shot();
    queue.accepted_creates();
    queue.failed(kShot);
    queue.record(event::Reprioritised{.batch = 1, .priority = 9});
    CHECK(queue.creates().empty());
    queue.record(event::Paused{1});
    queue.record(event::Reprioritised{.batch = 1, .priority = 8});
    queue.now += 10min;
    CHECK(queue.creates().empty());
    queue.record(event::Resumed{1});
    CHECK(queue.creates().size() == 1);
}

TEST_CASE("a webhook makes its prediction be polled at once, and many of them no more often") {
    auto queue = with_a_shot();
    queue.accepted_creates();
    REQUIRE(queue.polls().empty());
    for (int i = 0; i < 3; ++i) queue.record(event::WebhookArrived{kShot, "p1.0"});
    CHECK(queue.polls() == std::vector<ShotRef>{kShot});
    CHECK(queue.polls().empty());
}

TEST_CASE("a webhook that comes while a poll is under way brings another one after it") {
    auto queue = with_a_shot();
    queue.accepted_creates();
    queue.record(event::WebhookArrived{kShot, "p1.0"});
    REQUIRE(queue.polls().size() == 1);
    queue.record(event::WebhookArrived{kShot, "p1.0"});
    CHECK(queue.polls().empty());
    queue.record(event::PollPending{kShot});
    CHECK(queue.polls().size() == 1);
    queue.record(event::PollPending{kShot});
    CHECK(queue.polls().empty());
}

TEST_CASE("a webhook about another prediction, or a shot that renders nothing, is not taken note of") {
    auto queue = with_a_shot();
    CHECK_THROWS(queue.record(event::WebhookArrived{kShot, "p1.0"}));
    queue.accepted_creates();
    CHECK_THROWS(queue.record(event::WebhookArrived{kShot, "p9.9"}));
}

} // namespace reeld::test
