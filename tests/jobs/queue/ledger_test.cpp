#include "jobs/queue/ledger.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

/// A queue whose only shot is being created.
DrivenQueue creating() {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.creates();
    return queue;
}

/// A queue whose only shot renders.
DrivenQueue rendering() {
    auto queue = creating();
    queue.accepted(kShot);
    return queue;
}

/// Lets the shot's prediction fail and its next attempt be accepted.
void fail_and_retry(DrivenQueue& queue) {
    queue.failed(kShot);
    queue.now = queue.idle_until();
    queue.accepted_creates();
}

} // namespace

TEST_CASE("an intent takes a token and a slot, and charges an attempt") {
    const auto queue = creating();
    CHECK(queue.ledger().slots_taken(queue.now) == 1);
    CHECK(queue.ledger().unanswered() == 1);
    CHECK(queue.ledger().tokens().available(queue.now) == 99);
    CHECK(queue.ledger().shot(kShot).attempts == 1);
    CHECK(queue.state(kShot) == ShotState::creating);
}

TEST_CASE("a slot is given back when the prediction's end has been recorded, not before") {
    auto queue = rendering();
    CHECK(queue.ledger().slots_taken(queue.now) == 1);
    CHECK(queue.ledger().active().at(kShot).prediction == "p1.0");
    queue.succeeded(kShot);
    CHECK(queue.ledger().slots_taken(queue.now) == 0);
    CHECK(queue.ledger().active().empty());
    CHECK(queue.ledger().batch(1).all_final());
}

TEST_CASE("invalid input and an unknown model fail the shot and nothing else") {
    for (const auto kind : {RefusalKind::invalid_input, RefusalKind::unknown_model}) {
        auto queue = creating();
        queue.refused(kShot, kind);
        CHECK(queue.state(kShot) == ShotState::failed);
        CHECK(queue.ledger().account().suspension(queue.now) == nullptr);
        CHECK(queue.ledger().slots_taken(queue.now) == 0);
    }
}

TEST_CASE("a refusal that is not the shot's fault keeps the shot and costs it no attempt") {
    for (const auto kind : {RefusalKind::key_rejected, RefusalKind::no_balance, RefusalKind::too_many_running,
                            RefusalKind::too_fast}) {
        auto queue = creating();
        queue.refused(kShot, kind);
        CHECK(queue.state(kShot) == ShotState::queued);
        CHECK(queue.ledger().shot(kShot).attempts == 0);
        CHECK(queue.ledger().slots_taken(queue.now) == 0);
        CHECK(queue.ledger().account().suspension(queue.now) != nullptr);
    }
}

TEST_CASE("a create that never left costs no attempt, but its token, to be sure") {
    auto queue = creating();
    queue.record(event::CreateNotSent{.shot = kShot, .cause = "no route"});
    CHECK(queue.state(kShot) == ShotState::queued);
    CHECK(queue.ledger().shot(kShot).attempts == 0);
    CHECK(queue.ledger().tokens().available(queue.now + 60s - 1us) == 99);
    CHECK(queue.ledger().tokens().available(queue.now + 60s) == 100);
}

TEST_CASE("a lost create puts its shot in doubt, and keeps its slot until give_up after it was lost") {
    auto queue = creating();
    queue.now += 5min; // A disk that stalls may lie between the intent and the send.
    queue.lost(kShot);
    const Instant lost_at = queue.now;
    CHECK(queue.state(kShot) == ShotState::in_doubt);
    CHECK(queue.ledger().shot(kShot).attempts == 1);
    CHECK(queue.ledger().slots_taken(lost_at + 1h - 1us) == 1);
    CHECK(queue.ledger().slot_expires_at(queue.now) == lost_at + 1h);
    CHECK(queue.ledger().slots_taken(lost_at + 1h) == 0);
    CHECK(queue.ledger().slot_expires_at(lost_at + 1h) == Instant::max());
}

TEST_CASE("the token of a lost create stays taken while it is in doubt, and comes back one window after") {
    auto queue = creating();
    queue.now += 5min;
    queue.lost(kShot);
    CHECK(queue.ledger().tokens().available(queue.now + 10h) == 99);
    queue.now += 10h;
    queue.record(event::CreateHeld{.shot = kShot, .reason = "there is no list"});
    CHECK(queue.ledger().tokens().available(queue.now + 60s - 1us) == 99);
    CHECK(queue.ledger().tokens().available(queue.now + 60s) == 100);
}

TEST_CASE("a lost create keeps its slot at least as long as its request may arrive late") {
    DrivenQueue queue{{.give_up = 10min, .settle = 30min}, {}};
    queue.accept(1, shots(1));
    queue.creates();
    queue.lost(kShot);
    CHECK(queue.ledger().slot_expires_at(queue.now) == queue.now + 30min);
}

TEST_CASE("a create's token waits for its late request, though an equal execution was adopted for it") {
    auto queue = creating();
    queue.lost(kShot);
    const Instant lost_at = queue.now;
    queue.now += 10s;
    queue.record(event::CreateAdopted{.shot = kShot, .prediction = "equal", .by = SettledBy::list});
    CHECK(queue.ledger().tokens().available(lost_at + 2min + 60s - 1us) == 99);
    CHECK(queue.ledger().tokens().available(lost_at + 2min + 60s) == 100);
}

TEST_CASE("a create's token waits for its late request, whatever a person says became of it") {
    auto queue = creating();
    queue.lost(kShot);
    const Instant lost_at = queue.now;
    queue.now += 10s;
    queue.record(event::CreateDismissed{.shot = kShot, .by = SettledBy::person, .retry_after = Duration{}});
    CHECK(queue.ledger().tokens().available(lost_at + 2min + 60s - 1us) == 99);
    CHECK(queue.ledger().tokens().available(lost_at + 2min + 60s) == 100);
}

TEST_CASE("a create whose own webhook called has arrived: its token waits no longer") {
    auto queue = creating();
    queue.lost(kShot);
    queue.now += 10s;
    queue.record(event::CreateCalled{.shot = kShot, .prediction = "own"});
    queue.record(event::CreateAdopted{.shot = kShot, .prediction = "own", .by = SettledBy::webhook});
    CHECK(queue.ledger().tokens().available(queue.now + 60s - 1us) == 99);
    CHECK(queue.ledger().tokens().available(queue.now + 60s) == 100);
}

TEST_CASE("slots of lost creates come back in the order in which they were lost") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.creates();
    queue.now += 10s;
    queue.accept(2, shots(1));
    queue.creates();
    queue.lost({2, 0});
    queue.now += 10s;
    queue.lost({1, 0});
    CHECK(queue.ledger().slot_expires_at(queue.now) == kStart + 1h + 10s);
    CHECK(queue.ledger().slots_taken(kStart + 1h + 10s) == 1);
    CHECK(queue.ledger().slot_expires_at(kStart + 1h + 10s) == kStart + 1h + 20s);
}

TEST_CASE("a failed prediction is retried with a longer wait each time, until no attempt is left") {
    auto queue = rendering();
    const auto first = queue.ledger().retry_after(kShot, failure("provider_error"));
    fail_and_retry(queue);
    const auto second = queue.ledger().retry_after(kShot, failure("provider_error"));
    REQUIRE((first && second));
    CHECK(*first <= 2s);
    CHECK(*second >= *first);
    fail_and_retry(queue);
    CHECK(queue.ledger().shot(kShot).attempts == 3);
    CHECK_FALSE(queue.ledger().retry_after(kShot, failure("provider_error")).has_value());
    queue.failed(kShot);
    CHECK(queue.state(kShot) == ShotState::failed);
}

TEST_CASE("what would fail again, such as moderation, is never retried") {
    auto queue = rendering();
    queue.failed(kShot, "content_moderation", true);
    CHECK(queue.state(kShot) == ShotState::failed);
}

TEST_CASE("an overdue prediction that ends is not retried: it had its time") {
    auto queue = rendering();
    queue.record(event::PredictionOverdue{kShot});
    queue.failed(kShot);
    CHECK(queue.state(kShot) == ShotState::failed);
}

TEST_CASE(
    "a prediction cancelled by us for its age has failed, one cancelled by somebody else was cancelled") {
    auto overdue = rendering();
    overdue.record(event::PredictionOverdue{kShot});
    overdue.record(event::PredictionCancelled{kShot});
    CHECK(overdue.state(kShot) == ShotState::failed);
    auto wished = rendering();
    wished.record(event::PredictionCancelled{kShot});
    CHECK(wished.state(kShot) == ShotState::cancelled);
}

TEST_CASE("an overdue prediction that succeeds after all is a success: it was paid for") {
    auto queue = rendering();
    queue.record(event::PredictionOverdue{kShot});
    queue.succeeded(kShot);
    CHECK(queue.state(kShot) == ShotState::succeeded);
}

TEST_CASE("news of polls changes nothing that is remembered") {
    auto queue = rendering();
    const Instant before = queue.ledger().last_event_at();
    queue.now += 1s;
    static_cast<void>(queue.polls());
    queue.record(event::PollPending{.shot = kShot, .status = "starting"});
    CHECK(queue.ledger().last_event_at() == before);
    CHECK(queue.state(kShot) == ShotState::rendering);
}

TEST_CASE("a batch counts its shots by state") {
    DrivenQueue queue;
    queue.accept(1, shots(4));
    queue.creates();
    queue.accepted({1, 0});
    queue.succeeded({1, 0});
    queue.held({1, 1});
    queue.lost({1, 2});
    const auto& batch = queue.ledger().batch(1);
    CHECK(batch.count(ShotState::succeeded) == 1);
    CHECK(batch.count(ShotState::held) == 1);
    CHECK(batch.count(ShotState::in_doubt) == 1);
    CHECK(batch.count(ShotState::creating) == 1);
    CHECK(batch.count(ShotState::queued) == 0);
    CHECK(batch.final_count() == 1);
    CHECK_FALSE(batch.all_final());
}

TEST_CASE("what ended while the program was down teaches nothing about durations") {
    auto queue = rendering();
    queue.now += 8h;
    queue.restart();
    queue.succeeded(kShot);
    CHECK(queue.ledger().durations().belief({.model = "model", .clip_seconds = 5}).seen() == 0);
}

TEST_CASE("a refused create gives its slot back, whatever it was refused for") {
    struct Case {
        RefusalKind kind;
        int http_status;
    };
    for (const auto& one : {Case{.kind = RefusalKind::invalid_input, .http_status = 422},
                            Case{.kind = RefusalKind::unknown_model, .http_status = 404},
                            Case{.kind = RefusalKind::key_rejected, .http_status = 401},
                            Case{.kind = RefusalKind::no_balance, .http_status = 402},
                            Case{.kind = RefusalKind::too_many_running, .http_status = 429},
                            Case{.kind = RefusalKind::too_fast, .http_status = 429}}) {
        CAPTURE(one.http_status);
        DrivenQueue queue;
        queue.accept(1, shots(1));
        REQUIRE(queue.creates().size() == 1);
        auto said = refusal(one.kind);
        said.http_status = one.http_status;
        queue.record(event::CreateRefused{.shot = {1, 0}, .refusal = said});
        CHECK(queue.ledger().slots_taken(queue.now) == 0);
        CHECK(queue.ledger().unanswered() == 0);
        CHECK(queue.ledger().active().empty());
    }
}

} // namespace reeld::test
