#include "jobs/queue/account.h"

#include <algorithm>

namespace reeld {

namespace {

/// A rejected key is asked about again after this long: often enough that a mended key is noticed during the
/// night, seldom enough that the provider does not take it for an attack.
constexpr Duration kKeyAskAgain = std::chrono::minutes{10};

/// An empty balance, when no prediction ends before: a top-up should not wait for the morning.
constexpr Duration kBalanceAskAgain = std::chrono::minutes{2};

/// A cap in flight is believed for this long after it was last named. Then the configured limit is tried
/// again, at the price of one refused (unbilled) create.
constexpr Duration kCapMemory = std::chrono::minutes{10};

std::size_t slot_of(SuspensionReason reason) {
    return static_cast<std::size_t>(reason);
}

} // namespace

std::string_view to_words(SuspensionReason reason) {
    static constexpr std::array<std::string_view, kSuspensionReasons> kWords = {
        "the key was rejected", "the balance does not suffice", "too many predictions are running",
        "the provider asked to slow down", "the provider cannot be reached"};
    return kWords.at(slot_of(reason));
}

void Account::started() {
    lift(SuspensionReason::key_rejected);
    lift(SuspensionReason::unreachable);
    refusals_ = 0;
}

void Account::create_accepted() {
    refusals_ = 0;
    lift(SuspensionReason::key_rejected);
    lift(SuspensionReason::unreachable);
}

void Account::create_refused(const Refusal& refusal, int in_flight, Instant at) {
    const auto backed_off = [&] {
        return backoff_.after(refusals_, static_cast<std::uint64_t>(refusals_));
    };
    const auto& words = refusal.error.message;
    switch (refusal.kind) {
    case RefusalKind::invalid_input:
    case RefusalKind::unknown_model: return; // The shot's fault, not the account's: the key and the way work.
    case RefusalKind::key_rejected:
        ++refusals_;
        return suspend(SuspensionReason::key_rejected, at, kKeyAskAgain, words);
    case RefusalKind::no_balance:
        ++refusals_;
        return suspend(SuspensionReason::no_balance, at, refusal.retry_after.value_or(kBalanceAskAgain),
                       words);
    case RefusalKind::too_many_running:
        ++refusals_;
        learned_slots_ = std::clamp(in_flight, 1, at < learned_until_ ? *learned_slots_ : slots_);
        learned_until_ = at + kCapMemory;
        return suspend(SuspensionReason::too_many_running, at, refusal.retry_after.value_or(backed_off()),
                       words);
    case RefusalKind::too_fast:
        ++refusals_;
        return suspend(SuspensionReason::too_fast, at, refusal.retry_after.value_or(backed_off()), words);
    }
}

void Account::create_not_sent(const std::string& cause, Instant at) {
    ++refusals_;
    suspend(SuspensionReason::unreachable, at,
            backoff_.after(refusals_, static_cast<std::uint64_t>(refusals_)), cause);
}

void Account::prediction_ended() {
    lift(SuspensionReason::no_balance);
    lift(SuspensionReason::too_many_running);
}

void Account::suspend(SuspensionReason reason, Instant at, Duration wait, const std::string& message) {
    auto& entry = suspensions_.at(slot_of(reason));
    const bool goes_on = entry && at < entry->until;
    const Instant since = goes_on ? entry->since : at;
    const Instant until = goes_on ? std::max(entry->until, at + wait) : at + wait;
    entry = Suspension{.reason = reason, .since = since, .until = until, .message = message};
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
    return refusals_ > 0 ? 1 : slots(now);
}

Instant Account::slots_rise_at(Instant now) const {
    return learned_slots_ && now < learned_until_ ? learned_until_ : Instant::max();
}

} // namespace reeld
