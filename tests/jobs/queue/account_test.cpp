#include "jobs/queue/account.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

#include <array>

namespace reeld::test {

namespace {

constexpr Backoff kBackoff{.base = 2s, .max = 2min};

Account ten_slots() {
    return Account{10, kBackoff};
}

/// A create sent and refused at `at`.
void refuse(Account& account, RefusalKind kind, Instant at, std::optional<Duration> retry_after = {}) {
    account.create_refused(refusal(kind, retry_after), 0, at, at);
}

} // namespace

TEST_CASE("a rejected key suspends the account, and is asked about again before the morning") {
    auto account = ten_slots();
    refuse(account, RefusalKind::key_rejected, kStart);
    const auto* suspension = account.suspension(kStart);
    REQUIRE(suspension != nullptr);
    CHECK(suspension->reason == SuspensionReason::key_rejected);
    CHECK(suspension->message == "No.");
    CHECK(suspension->until <= kStart + 1h);
    CHECK(account.suspension(suspension->until) == nullptr);
}

TEST_CASE("a start lifts the suspension over the key, since the key may have been mended") {
    auto account = ten_slots();
    refuse(account, RefusalKind::key_rejected, kStart);
    account.started(kStart);
    CHECK(account.suspension(kStart) == nullptr);
}

TEST_CASE("a start lifts the suspension over the balance, unless the provider asked to wait longer") {
    auto account = ten_slots();
    refuse(account, RefusalKind::no_balance, kStart);
    account.started(kStart + 1s);
    CHECK(account.suspension(kStart + 1s) == nullptr);
    refuse(account, RefusalKind::no_balance, kStart + 2s, 90s);
    account.started(kStart + 3s);
    CHECK(account.suspension(kStart + 3s) != nullptr);
}

TEST_CASE("a start does not lift what the provider asked to wait for") {
    auto account = ten_slots();
    refuse(account, RefusalKind::too_fast, kStart, 90s);
    account.started(kStart);
    CHECK(account.suspension(kStart + 89s) != nullptr);
}

TEST_CASE("an empty balance is lifted when a prediction ends, a rejected key is not") {
    auto account = ten_slots();
    refuse(account, RefusalKind::no_balance, kStart);
    account.prediction_ended(kStart + 1s);
    CHECK(account.suspension(kStart + 1s) == nullptr);
    refuse(account, RefusalKind::key_rejected, kStart + 2s);
    account.prediction_ended(kStart + 3s);
    CHECK(account.suspension(kStart + 3s) != nullptr);
}

TEST_CASE("an empty balance is asked about again by a timer when no prediction ends") {
    auto account = ten_slots();
    refuse(account, RefusalKind::no_balance, kStart);
    REQUIRE(account.suspension(kStart) != nullptr);
    CHECK(account.suspension(kStart)->until <= kStart + 10min);
}

TEST_CASE("Retry-After is obeyed for every refusal that may carry it, even when a prediction ends before") {
    for (const auto kind : {RefusalKind::too_fast, RefusalKind::too_many_running, RefusalKind::no_balance}) {
        auto account = ten_slots();
        refuse(account, kind, kStart, 30s);
        account.prediction_ended(kStart + 1s);
        CHECK(account.suspension(kStart + 30s - 1us) != nullptr);
        CHECK(account.suspension(kStart + 30s) == nullptr);
    }
}

TEST_CASE("a Retry-After of zero is no reason to ask again at once") {
    auto account = ten_slots();
    refuse(account, RefusalKind::too_fast, kStart, 0s);
    CHECK(account.suspension(kStart + kBackoff.base / 2 - 1us) != nullptr);
}

TEST_CASE("a shorter Retry-After does not shorten the suspension that goes on") {
    auto account = ten_slots();
    refuse(account, RefusalKind::too_fast, kStart, 60s);
    refuse(account, RefusalKind::too_fast, kStart + 1s, 5s);
    REQUIRE(account.suspension(kStart + 59s) != nullptr);
    CHECK(account.suspension(kStart + 59s)->since == kStart);
}

TEST_CASE("of several suspensions, the one that lasts longest is told") {
    auto account = ten_slots();
    refuse(account, RefusalKind::too_fast, kStart, 5s);
    refuse(account, RefusalKind::key_rejected, kStart);
    CHECK(account.suspension(kStart)->reason == SuspensionReason::key_rejected);
}

TEST_CASE("refusals round after round wait longer and longer, up to the backoff's maximum") {
    auto account = ten_slots();
    Instant now = kStart;
    for (int round = 1; round <= 12; ++round) {
        refuse(account, RefusalKind::too_fast, now);
        REQUIRE(account.suspension(now) != nullptr);
        const Duration wait = account.suspension(now)->until - now;
        const Duration full = std::min<Duration>(kBackoff.max, kBackoff.base * (1 << (round - 1)));
        CHECK(wait <= full);
        CHECK(wait >= full / 2);
        now = account.suspension(now)->until;
    }
}

TEST_CASE("ten creates refused together lengthen the backoff once, not ten times") {
    auto account = ten_slots();
    for (int i = 0; i < 10; ++i) {
        account.create_refused(refusal(RefusalKind::too_fast), 9 - i, kStart, kStart + i * 100ms);
    }
    CHECK(account.suspension(kStart + 900ms)->until <= kStart + 900ms + kBackoff.base);
}

TEST_CASE("ten creates that cannot leave together lengthen the backoff once, not ten times") {
    auto account = ten_slots();
    for (int i = 0; i < 10; ++i) account.create_not_sent("no route", kStart, kStart + i * 100ms);
    CHECK(account.suspension(kStart + 900ms)->reason == SuspensionReason::unreachable);
    CHECK(account.suspension(kStart + 900ms)->until <= kStart + 900ms + kBackoff.base);
}

TEST_CASE("after a refusal creates go one at a time until one that was sent later is accepted") {
    auto account = ten_slots();
    CHECK(account.creates_at_once(kStart) == 10);
    account.create_refused(refusal(RefusalKind::too_fast), 5, kStart, kStart + 1s);
    account.create_accepted(6, kStart, kStart + 2s);
    CHECK(account.creates_at_once(kStart + 1h) == 1);
    account.create_accepted(1, kStart + 1h, kStart + 1h);
    CHECK(account.creates_at_once(kStart + 1h) == 10);
}

TEST_CASE("an accepted create lifts the suspensions over the key and the network") {
    auto account = ten_slots();
    account.create_not_sent("no route", kStart, kStart);
    refuse(account, RefusalKind::key_rejected, kStart);
    account.create_accepted(1, kStart + 1s, kStart + 2s);
    CHECK(account.suspension(kStart + 2s) == nullptr);
}

TEST_CASE("a shot's own fault says nothing about the account") {
    auto account = ten_slots();
    refuse(account, RefusalKind::invalid_input, kStart);
    refuse(account, RefusalKind::unknown_model, kStart);
    CHECK(account.suspension(kStart) == nullptr);
    CHECK(account.creates_at_once(kStart) == 10);
}

TEST_CASE("a cap in flight is learned from what was running, and never exceeds the configured slots") {
    auto account = ten_slots();
    account.create_refused(refusal(RefusalKind::too_many_running), 2, kStart, kStart);
    CHECK(account.slots(kStart) == 2);
    account.create_refused(refusal(RefusalKind::too_many_running), 25, kStart, kStart);
    CHECK(account.slots(kStart) == 2);
    auto another = ten_slots();
    another.create_refused(refusal(RefusalKind::too_many_running), 25, kStart, kStart);
    CHECK(another.slots(kStart) == 10);
}

TEST_CASE("a cap named while nothing of ours runs still leaves one slot") {
    auto account = ten_slots();
    account.create_refused(refusal(RefusalKind::too_many_running), 0, kStart, kStart);
    CHECK(account.slots(kStart) == 1);
}

TEST_CASE("a learned cap is tried again after a while, one create at a time, until more are seen to run") {
    auto account = ten_slots();
    account.create_refused(refusal(RefusalKind::too_many_running), 2, kStart, kStart);
    account.create_accepted(2, kStart + 1min, kStart + 1min);
    const Instant rise = account.slots_rise_at(kStart + 1min);
    REQUIRE(rise < Instant::max());
    CHECK(account.slots(rise - 1us) == 2);
    CHECK(account.slots(rise) == 10);
    CHECK(account.creates_at_once(rise) == 1);
    account.create_accepted(2, rise, rise);
    CHECK(account.creates_at_once(rise) == 1);
    account.create_accepted(3, rise, rise);
    CHECK(account.creates_at_once(rise) == 10);
    CHECK(account.slots_rise_at(rise) == Instant::max());
}

TEST_CASE("every reason for a suspension has its own words") {
    std::array<std::string_view, kSuspensionReasons> words;
    for (std::size_t i = 0; i < words.size(); ++i) {
        words.at(i) = to_words(static_cast<SuspensionReason>(i));
        CHECK_FALSE(words.at(i).empty());
        for (std::size_t j = 0; j < i; ++j) CHECK(words.at(i) != words.at(j));
    }
}

} // namespace reeld::test
