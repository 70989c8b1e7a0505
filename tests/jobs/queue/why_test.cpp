#include "jobs/queue/why.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

constexpr ShotRef kNext{.batch = 1, .index = 1};

using Kind = Why::Kind;

DrivenQueue with_shots(std::size_t count, const Ledger::Rules& rules = {}) {
    DrivenQueue queue{rules};
    queue.accept(1, shots(count));
    return queue;
}

Why why(DrivenQueue& queue, ShotRef shot) {
    return why_waits(queue.queue(), shot, queue.now);
}

} // namespace

TEST_CASE("the shot whose turn it is waits for a token, and it is known until when") {
    auto queue = with_shots(2, account_rules(1, 10, 100s));
    queue.accepted_creates();
    const auto it = why(queue, kNext);
    CHECK(it.kind == Kind::token);
    CHECK(it.until == queue.now + 60s);
}

TEST_CASE("the shot whose turn it is waits for a slot, until one of those that render is expected to end") {
    auto queue = with_shots(2, account_rules(100, 1, 100s));
    queue.accepted_creates();
    queue.now += 40s;
    const auto it = why(queue, kNext);
    CHECK(it.kind == Kind::slot);
    CHECK(it.until == kStart + 100s);
    CHECK(why(queue, kShot).kind == Kind::rendering);
    queue.now += 2h;
    CHECK(why(queue, kNext).until == queue.now + 10s);
}

TEST_CASE("what was cancelled for its age is given up, and nobody knows when it ends") {
    auto queue = with_shots(1, account_rules(100, 1, 100s));
    queue.accepted_creates();
    queue.now += 2h;
    CHECK(why(queue, kShot).kind == Kind::rendering);
    queue.record(event::PredictionOverdue{kShot});
    CHECK(why(queue, kShot).kind == Kind::given_up);
    CHECK_FALSE(why(queue, kShot).until.has_value());
}

TEST_CASE("a shot behind others of its batch waits for them, and one of another batch for that batch") {
    auto queue = with_shots(3, account_rules(100, 1, 100s));
    queue.accept(2, shots(1, -5));
    queue.accepted_creates();
    CHECK(why(queue, {1, 2}).kind == Kind::earlier_shot);
    const auto other = why(queue, {2, 0});
    CHECK(other.kind == Kind::earlier_batch);
    CHECK(other.batch == BatchKey{1});
}

TEST_CASE("pauses, suspensions and backoffs come before limits") {
    auto queue = with_shots(2, account_rules(100, 2, 100s));
    queue.accepted_creates();
    queue.failed(kShot);
    CHECK(why(queue, kShot).kind == Kind::backoff);
    CHECK(why(queue, kShot).until > queue.now);
    queue.record(event::Paused{1});
    CHECK(why(queue, kShot).kind == Kind::batch_paused);
    queue.record(event::Paused{});
    CHECK(why(queue, kShot).kind == Kind::paused);
}

TEST_CASE("while the account is suspended every queued shot waits for that") {
    auto queue = with_shots(2, account_rules(100, 2, 100s));
    queue.creates();
    queue.refused(kShot, RefusalKind::no_balance);
    queue.refused(kNext, RefusalKind::no_balance);
    const auto it = why(queue, kNext);
    CHECK(it.kind == Kind::suspended);
    CHECK(it.until == queue.ledger().account().suspension(queue.now)->until);
}

TEST_CASE("a lost create waits for the next look, and a held one for a person") {
    auto queue = with_shots(1);
    queue.creates();
    CHECK(why(queue, kShot).kind == Kind::creating);
    queue.lost(kShot);
    CHECK(why(queue, kShot).kind == Kind::settling);
    CHECK(why(queue, kShot).until == queue.now);
    queue.record(event::CreateHeld{.shot = kShot, .reason = "there is no list"});
    CHECK(why(queue, kShot).kind == Kind::held);
}

TEST_CASE("a shot that is final waits for nothing, and one that nobody asked for is not created") {
    auto queue = with_shots(1);
    queue.queue().stop_creating();
    CHECK(why(queue, kShot).kind == Kind::not_wanted);
    queue.record(event::CancelAsked{kShot});
    CHECK(why(queue, kShot).kind == Kind::nothing);
}

} // namespace reeld::test
