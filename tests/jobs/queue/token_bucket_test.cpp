#include "jobs/queue/token_bucket.h"

#include "tests/jobs/queue/dice.h"
#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace reeld::test {

TEST_CASE("a full bucket lets its capacity through at once, and no more") {
    TokenBucket bucket{{.capacity = 3, .window = 60s}};
    for (int i = 0; i < 3; ++i) {
        CHECK(bucket.ready_at(kStart) == kStart);
        bucket.take(kStart);
    }
    CHECK(bucket.available(kStart) == 0);
}

TEST_CASE("a create that the network delays still counts from its answer, not from its send") {
    TokenBucket bucket{{.capacity = 1, .window = 60s}};
    bucket.take(kStart);
    CHECK(bucket.ready_at(kStart + 1h) == Instant::max());
    bucket.answered(kStart + 5s);
    CHECK(bucket.available(kStart + 65s - 1us) == 0);
    CHECK(bucket.ready_at(kStart + 5s) == kStart + 65s);
    CHECK(bucket.available(kStart + 65s) == 1);
}

TEST_CASE("a waiting queue uses every token: each comes back one window after its own answer") {
    TokenBucket bucket{{.capacity = 2, .window = 60s}};
    bucket.take(kStart);
    bucket.answered(kStart + 1s);
    bucket.take(kStart + 10s);
    bucket.answered(kStart + 11s);
    CHECK(bucket.ready_at(kStart + 20s) == kStart + 61s);
    bucket.take(kStart + 61s);
    bucket.answered(kStart + 61s);
    CHECK(bucket.ready_at(kStart + 61s) == kStart + 71s);
}

TEST_CASE(
    "a bucket overdrawn under a lower limit waits until as many tokens are back as were drawn too many") {
    TokenBucket bucket{{.capacity = 1, .window = 60s}};
    for (int i = 0; i < 3; ++i) bucket.take(kStart);
    CHECK(bucket.available(kStart) == 0);
    for (int i = 1; i <= 3; ++i) bucket.answered(kStart + i * 1s);
    CHECK(bucket.available(kStart + 62s) == 0);
    CHECK(bucket.ready_at(kStart + 10s) == kStart + 63s);
    CHECK(bucket.available(kStart + 63s) == 1);
}

TEST_CASE("time that nobody measured brings no token back") {
    TokenBucket bucket{{.capacity = 2, .window = 60s}};
    bucket.take(kStart);
    bucket.answered(kStart);
    bucket.take(kStart + 50s);
    bucket.answered(kStart + 50s);
    bucket.distrust(kStart + 61s, kStart + 3min);
    CHECK(bucket.available(kStart + 3min) == 1); // The first was back before; the second may not be.
    CHECK(bucket.ready_at(kStart + 3min) == kStart + 3min);
    CHECK(bucket.available(kStart + 4min) == 2);
}

TEST_CASE("an answer stamped before an earlier one brings its token back no sooner than that one") {
    TokenBucket bucket{{.capacity = 2, .window = 60s}};
    bucket.take(kStart);
    bucket.take(kStart);
    bucket.answered(kStart + 10s);
    bucket.answered(kStart + 5s);
    CHECK(bucket.available(kStart + 70s - 1us) == 0);
    CHECK(bucket.available(kStart + 70s) == 2);
}

TEST_CASE("a lost create's token comes back one window after its request can last arrive") {
    TokenBucket bucket{{.capacity = 1, .window = 60s}};
    bucket.take(kStart);
    bucket.lost(kStart + 20s, kStart + 2min);
    CHECK(bucket.ready_at(kStart + 20s) == kStart + 3min);
    CHECK(bucket.available(kStart + 3min - 1us) == 0);
    CHECK(bucket.available(kStart + 3min) == 1);
}

TEST_CASE("a lost create whose request can arrive no more counts from when it was given up") {
    TokenBucket bucket{{.capacity = 1, .window = 60s}};
    bucket.take(kStart);
    bucket.lost(kStart + 10min, kStart + 2min);
    CHECK(bucket.ready_at(kStart + 10min) == kStart + 11min);
}

TEST_CASE("a request that may arrive late holds up no token but its own") {
    TokenBucket bucket{{.capacity = 2, .window = 60s}};
    bucket.take(kStart);
    bucket.take(kStart);
    bucket.lost(kStart + 20s, kStart + 10min);
    bucket.answered(kStart + 30s);
    CHECK(bucket.ready_at(kStart + 30s) == kStart + 90s);
    bucket.take(kStart + 90s);
    bucket.answered(kStart + 91s);
    CHECK(bucket.ready_at(kStart + 91s) == kStart + 151s);
    CHECK(bucket.available(kStart + 11min - 1us) == 1);
    CHECK(bucket.available(kStart + 11min) == 2);
}

TEST_CASE("what could arrive late before a reboot can for as long after it") {
    TokenBucket bucket{{.capacity = 1, .window = 60s}};
    bucket.take(kStart);
    bucket.lost(kStart + 10s, kStart + 2min);
    bucket.distrust(kStart + 30s, kStart + 8h);
    CHECK(bucket.ready_at(kStart + 8h) == kStart + 8h + 90s + 60s);
}

namespace {

/// A client that keeps to a bucket, and every instant at which one of its creates may have arrived.
class Client {
public:
    Client(std::uint64_t seed, TokenBucket::Limit limit) : dice_(seed), bucket_(limit) {}

    /// Sends, answers, loses an answer or waits, by the dice.
    void act() {
        const std::uint64_t act = dice_.roll(4);
        if (act == 0 && bucket_.available(now_) > 0) {
            bucket_.take(now_);
            unanswered_.push_back(now_);
        } else if (act == 1 && !unanswered_.empty()) {
            const auto which =
                unanswered_.begin() + static_cast<std::ptrdiff_t>(dice_.roll(unanswered_.size()));
            arrivals_.push_back(*which + dice_.between(0us, now_ - *which));
            bucket_.answered(now_);
            unanswered_.erase(which);
        } else if (act == 2 && !unanswered_.empty()) {
            const Instant latest = now_ + dice_.between(0s, 15s);
            arrivals_.push_back(unanswered_.front() + dice_.between(0us, latest - unanswered_.front()));
            bucket_.lost(now_, latest);
            unanswered_.erase(unanswered_.begin());
        } else {
            const Instant ready = bucket_.ready_at(now_);
            const bool wait_exactly = dice_.roll(2) == 0 && ready != Instant::max();
            now_ = wait_exactly ? ready : now_ + dice_.between(0s, 2s);
        }
    }

    /// The most arrivals in any window, starting anywhere.
    [[nodiscard]] int most_in_a_window() const {
        auto arrivals = arrivals_;
        std::sort(arrivals.begin(), arrivals.end());
        std::ptrdiff_t most = 0;
        for (auto first = arrivals.begin(); first != arrivals.end(); ++first) {
            const auto end = std::lower_bound(first, arrivals.end(), *first + bucket_.limit().window);
            most = std::max(most, end - first);
        }
        return static_cast<int>(most);
    }

    [[nodiscard]] const TokenBucket& bucket() const { return bucket_; }
    [[nodiscard]] Instant now() const { return now_; }
    [[nodiscard]] std::size_t arrived() const { return arrivals_.size(); }

private:
    Dice dice_;
    TokenBucket bucket_;
    Instant now_ = kStart;
    std::vector<Instant> unanswered_;
    std::vector<Instant> arrivals_;
};

} // namespace

TEST_CASE("in no window does the provider see more creates than the limit, wherever they arrive") {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const TokenBucket::Limit limit{.capacity = 1 + static_cast<int>(seed % 7), .window = 10s};
        Client client{seed, limit};
        for (int step = 0; step < 300; ++step) {
            client.act();
            const Instant ready = client.bucket().ready_at(client.now());
            CAPTURE(seed);
            REQUIRE(ready >= client.now());
            REQUIRE((client.bucket().available(client.now()) > 0) == (ready == client.now()));
            if (ready != Instant::max()) REQUIRE(client.bucket().available(ready) > 0);
        }
        CHECK(client.arrived() > 0);
        CHECK(client.most_in_a_window() <= limit.capacity);
    }
}

} // namespace reeld::test
