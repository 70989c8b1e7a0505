#include "jobs/queue/webhook_trust.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

constexpr Scheduler::Options kOptions{
    .polling = {.first = {}, .min = 1s, .max = 15s, .give_up = 1h}, .settling = {}, .dice = 1};

/// A queue with one shot after the other, each of which takes ten seconds.
struct Line {
    Line() : queue({.slots = 1, .backoff = {}, .typical = {{"model", 10s}}}, kOptions) {
        queue.webhooks = true;
        queue.accept(1, shots(20));
    }

    ShotRef create() {
        const auto created = queue.accepted_creates();
        if (created.size() != 1) throw std::logic_error("not one create");
        return created.front();
    }

    void render(bool told) {
        const ShotRef shot = create();
        queue.now += 10s;
        if (told) queue.called(shot);
        queue.succeeded(shot);
    }

    /// How long until the next poll of a prediction that has just begun.
    Duration first_poll() {
        const ShotRef shot = create();
        const Duration wait = queue.idle_until() - queue.now;
        queue.succeeded(shot);
        return wait;
    }

    DrivenQueue queue;
};

} // namespace

TEST_CASE("a webhook that is expected lets the polls begin late, and one that was lost ends that") {
    Line line;
    for (int i = 0; i < 5; ++i) line.render(true);
    const Duration trusting = [&] {
        const ShotRef shot = line.create();
        const Duration wait = line.queue.idle_until() - line.queue.now;
        line.queue.now += 10s;
        line.queue.called(shot);
        line.queue.succeeded(shot);
        return wait;
    }();
    CHECK(trusting > 10s);
    line.render(false);
    CHECK(line.first_poll() < 10s);
}

TEST_CASE("webhooks are relied on again when some in a row came in time") {
    WebhookTrust trust;
    Line line;
    const auto note = [&](Fact fact) {
        trust.note(line.queue.ledger(), {.stamp = stamp_at(line.queue.now), .fact = std::move(fact)});
    };
    const auto end = [&](bool told) {
        const ShotRef shot = line.create();
        note(event::CreateAccepted{.shot = shot, .prediction = "p", .http_status = 200});
        if (told) note(event::WebhookArrived{shot, "p"});
        line.queue.succeeded(shot);
        note(event::PredictionSucceeded{.shot = shot, .rendered = {}});
    };
    end(true);
    CHECK(trust.trusted());
    end(false);
    CHECK_FALSE(trust.trusted());
    end(true);
    end(true);
    CHECK_FALSE(trust.trusted());
    end(false);
    for (int i = 0; i < WebhookTrust::kToldToTrust - 1; ++i) end(true);
    CHECK_FALSE(trust.trusted());
    end(true);
    CHECK(trust.trusted());
}

TEST_CASE("of a prediction from before the start, no webhook is expected, and none counts as lost") {
    Line line;
    for (int i = 0; i < 5; ++i) line.render(true);
    const ShotRef shot = line.create();
    line.queue.restart();
    line.queue.take_all(); // The paperwork of those before it.
    CHECK(line.queue.idle_until() - line.queue.now < 10s);
    line.queue.now += 10s;
    line.queue.succeeded(shot);
    CHECK(line.first_poll() > 10s);
}

TEST_CASE("of a prediction that was cancelled, no webhook is expected, and none counts as lost") {
    Line line;
    for (int i = 0; i < 5; ++i) line.render(true);
    const ShotRef shot = line.create();
    line.queue.record(event::CancelAsked{shot});
    line.queue.take_all();
    line.queue.now += 10s;
    line.queue.succeeded(shot);
    CHECK(line.first_poll() > 10s);
}

TEST_CASE("a prediction whose cancel was sent is asked about as soon as one without a webhook") {
    Line line;
    for (int i = 0; i < 5; ++i) line.render(true);
    const ShotRef shot = line.create();
    const Instant created = line.queue.now;
    line.queue.now += 2s;
    CHECK(line.queue.idle_until() - created > 10s);
    line.queue.record(event::CancelAsked{shot});
    line.queue.take_all();
    CHECK(line.queue.idle_until() - created < 10s);
}

TEST_CASE("once its webhook has come, a prediction is asked about as without one") {
    Line line;
    for (int i = 0; i < 5; ++i) line.render(true);
    const ShotRef shot = line.create();
    line.queue.now += 1s;
    line.queue.called(shot);
    CHECK(line.queue.polls() == std::vector{shot});
    line.queue.record(event::PollPending{.shot = shot, .status = "processing"});
    CHECK(line.queue.idle_until() - line.queue.now < 9s);
}

} // namespace reeld::test
