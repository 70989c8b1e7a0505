#include "jobs/queue/account.h"

#include <algorithm>

namespace reeld {

namespace {

/// A rejected key is asked about again after this long: often enough that a mended key is noticed during the
/// night, seldom enough that the provider does not take it for an attack.
constexpr Duration kKeyAskAgain = std::chrono::minutes{10};

/// An empty balance, when no prediction ends before: a top-up should not wait for the morning.
constexpr Duration kBalanceAskAgain = std::chrono::minutes{2};

/// A cap in flight is believed for this long after it was last named. Then more is tried again, one create
/// at a time, at the price of one refused (unbilled) create.
constexpr Duration kCapMemory = std::chrono::minutes{10};

std::size_t slot_of(SuspensionReason reason) {
    return static_cast<std::size_t>(reason);
}

} // namespace

std::string_view to_words(SuspensionReason reason) {
    static constexpr std::array<std::string_view, kSuspensionReasons> kWords = {
        "the key was rejected",
        "the balance does not suffice",
        "too many predictions are running",
        "the provider asked to slow down",
        "the provider cannot be reached",
        "answers to creates get lost"};
    return kWords.at(slot_of(reason));
}

void Account::started(Instant at) {
    lift(SuspensionReason::key_rejected);
    lift_when_free(SuspensionReason::no_balance, at);
    lift(SuspensionReason::unreachable);
    lift(SuspensionReason::answers_lost);
    refusals_ = 0;
}

void Account::distrust(Instant trusted, Instant now) {
    const auto later = [&](Instant& until) {
        if (until > trusted) until += now - trusted;
    };
    for (auto& entry : suspensions_) {
        if (!entry) continue;
        later(entry->until);
        later(entry->not_before);
    }
    later(learned_until_);
}

void Account::create_accepted(int in_flight, Instant sent_at, Instant at) {
    if (of_latest_round(sent_at))
        return; // It was let in before the refusal: no sign that the next one will be.
    refusals_ = 0;
    lift(SuspensionReason::key_rejected);
    lift(SuspensionReason::unreachable);
    lift(SuspensionReason::answers_lost);
    if (learned_slots_ && at >= learned_until_ && in_flight > *learned_slots_) learned_slots_.reset();
}

void Account::create_refused(const Refusal& refusal, int in_flight, Instant sent_at, Instant at) {
    const auto& words = refusal.error.message;
    const Duration asked = refusal.retry_after.value_or(Duration::zero());
    // "Retry at once" says nothing about when it will work: it counts as if nothing had been said.
    const auto or_asked = [&](Duration wait) {
        return Wait{.wait = asked > Duration::zero() ? asked : wait, .least = asked};
    };
    switch (refusal.kind) {
    case RefusalKind::invalid_input:
    case RefusalKind::unknown_model: return; // The shot's fault, not the account's: the key and the way work.
    case RefusalKind::key_rejected:
        count_refusal(sent_at, at);
        return suspend(SuspensionReason::key_rejected, at, {std::max(asked, kKeyAskAgain), asked}, words);
    case RefusalKind::no_balance:
        count_refusal(sent_at, at);
        return suspend(SuspensionReason::no_balance, at, or_asked(kBalanceAskAgain), words);
    case RefusalKind::too_many_running:
        count_refusal(sent_at, at);
        learn_cap(in_flight, at);
        return suspend(SuspensionReason::too_many_running, at, or_asked(backed_off()), words);
    case RefusalKind::too_fast:
        count_refusal(sent_at, at);
        return suspend(SuspensionReason::too_fast, at, or_asked(backed_off()), words);
    }
}

void Account::create_not_sent(const std::string& cause, Instant sent_at, Instant at) {
    count_refusal(sent_at, at);
    suspend(SuspensionReason::unreachable, at, {.wait = backed_off(), .least = Duration::zero()}, cause);
}

void Account::create_lost(const std::string& cause, Instant sent_at, Instant at) {
    count_refusal(sent_at, at);
    if (refusals_ < 2) return;
    suspend(SuspensionReason::answers_lost, at, {.wait = backed_off(), .least = Duration::zero()}, cause);
}

void Account::prediction_ended(Instant at) {
    lift_when_free(SuspensionReason::no_balance, at);
    lift_when_free(SuspensionReason::too_many_running, at);
}

void Account::count_refusal(Instant sent_at, Instant at) {
    if (of_latest_round(sent_at)) return;
    ++refusals_;
    refused_at_ = at;
}

void Account::learn_cap(int in_flight, Instant at) {
    learned_slots_ = std::clamp(in_flight, 1, slots(at));
    learned_until_ = at + kCapMemory;
}

Duration Account::backed_off() const {
    return backoff_.after(refusals_, static_cast<std::uint64_t>(refusals_));
}

void Account::suspend(SuspensionReason reason, Instant at, Wait wait, const std::string& message) {
    auto& entry = suspensions_.at(slot_of(reason));
    const bool goes_on = entry && at < entry->until;
    Suspension now{.reason = reason,
                   .since = at,
                   .until = at + wait.wait,
                   .not_before = at + wait.least,
                   .message = message};
    if (goes_on) {
        now.since = entry->since;
        now.until = std::max(now.until, entry->until);
        now.not_before = std::max(now.not_before, entry->not_before);
    }
    entry = std::move(now);
}

void Account::lift_when_free(SuspensionReason reason, Instant at) {
    auto& entry = suspensions_.at(slot_of(reason));
    if (!entry) return;
    entry->until = std::min(entry->until, std::max(at, entry->not_before));
}

void Account::lift(SuspensionReason reason) {
    suspensions_.at(slot_of(reason)).reset();
}

const Suspension* Account::suspension(Instant now) const {
    const Suspension* longest = nullptr;
    for (const auto& entry : suspensions_) {
        if (entry && now < entry->until && (longest == nullptr || entry->until > longest->until))
            longest = &*entry;
    }
    return longest;
}

int Account::slots(Instant now) const {
    return learned_slots_ && now < learned_until_ ? std::min(*learned_slots_, slots_) : slots_;
}

int Account::creates_at_once(Instant now) const {
    const bool cap_in_doubt = learned_slots_ && now >= learned_until_;
    return refusals_ > 0 || cap_in_doubt ? 1 : slots(now);
}

Instant Account::slots_rise_at(Instant now) const {
    return learned_slots_ && now < learned_until_ ? learned_until_ : Instant::max();
}

} // namespace reeld
