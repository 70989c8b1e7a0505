#include "daemon/metrics/queue_depth.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

/// Two slots, batch 1 of three shots and batch 2 of one.
class Depth {
public:
    Depth() : queue{{.creates = {.capacity = 100, .window = 60s}, .slots = 2}} {
        queue.accept(1, test::shots(3));
        queue.accept(2, test::shots(1));
        count();
    }
    QueueDepth::ByShotState count(BatchKey batch) { return depth.count(batch, queue.ledger()); }
    void count() {
        static_cast<void>(count(1));
        static_cast<void>(count(2));
    }

    DrivenQueue queue;
    QueueDepth depth;
};

constexpr std::size_t kSucceeded = static_cast<std::size_t>(ShotState::succeeded);

} // namespace

TEST_CASE("a batch runs while something of it does, and counts no more when its manifest is written") {
    Depth it;
    CHECK(it.depth.batches(BatchState::waiting) == 2);
    CHECK(it.depth.oldest() == BatchKey{1});
    const auto created = it.queue.accepted_creates();
    it.count();
    CHECK(it.depth.batches(BatchState::running) == 2);
    CHECK(it.depth.shots(BatchState::running, ShotState::rendering) == 2);
    CHECK(it.depth.shots(BatchState::running, ShotState::queued) == 2);
    it.queue.succeeded({2, 0});
    CHECK(it.count(2).at(kSucceeded) == 1);
    CHECK(it.count(2).at(kSucceeded) == 0);
    CHECK(it.depth.batches(BatchState::running) == 1);
    CHECK(it.depth.batches(BatchState::waiting) == 1);
    it.queue.record(event::ManifestWritten{.batch = 2});
    it.count();
    CHECK(it.depth.batches(BatchState::waiting) == 0);
    CHECK(it.depth.shots(BatchState::waiting, ShotState::succeeded) == 0);
    CHECK(it.depth.batches(BatchState::finished) == 0);
    CHECK(it.depth.oldest() == BatchKey{1});
}

TEST_CASE("a batch that a person paused is paused with all its shots, until it is resumed") {
    Depth it;
    it.queue.record(event::Paused{.batch = 1});
    it.count();
    CHECK(it.depth.batches(BatchState::paused) == 1);
    CHECK(it.depth.shots(BatchState::paused, ShotState::queued) == 3);
    CHECK(it.depth.shots(BatchState::waiting, ShotState::queued) == 1);
    it.queue.record(event::Resumed{.batch = 1});
    it.count();
    CHECK(it.depth.batches(BatchState::waiting) == 2);
}

TEST_CASE("counting all anew gives what counting from event to event gave") {
    Depth it;
    static_cast<void>(it.queue.accepted_creates());
    it.queue.succeeded({1, 0});
    it.count();
    QueueDepth anew;
    anew.count_all(it.queue.ledger());
    for (const auto batch : {BatchState::waiting, BatchState::running, BatchState::paused}) {
        CHECK(anew.batches(batch) == it.depth.batches(batch));
        for (std::size_t state = 0; state < kShotStates; ++state) {
            const auto shot = static_cast<ShotState>(state);
            CHECK(anew.shots(batch, shot) == it.depth.shots(batch, shot));
        }
    }
    CHECK(anew.oldest() == it.depth.oldest());
}

} // namespace reeld::test
