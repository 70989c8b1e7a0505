#include "tests/simulation/ledger_difference.h"

#include <fmt/format.h>

#include <algorithm>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

bool same(const ShotRecord& one, const ShotRecord& other) {
    return one.facts == other.facts && one.state == other.state && one.attempts == other.attempts &&
           one.forgiven == other.forgiven && one.retried == other.retried;
}

bool same(const BatchRecord& one, const BatchRecord& other) {
    return one.name == other.name && one.models == other.models && one.in_state == other.in_state &&
           one.accepted == other.accepted && one.hours == other.hours &&
           one.manifest_written == other.manifest_written &&
           std::equal(one.shots.begin(), one.shots.end(), other.shots.begin(), other.shots.end(),
                      [](const auto& a, const auto& b) { return same(a, b); });
}

bool same(const ActiveShot& one, const ActiveShot& other) {
    return one.intended_at == other.intended_at && one.request_id == other.request_id &&
           one.webhook == other.webhook && one.webhook_secret == other.webhook_secret &&
           one.provider_at == other.provider_at && one.age_known == other.age_known &&
           one.prediction == other.prediction && one.accepted_at == other.accepted_at &&
           one.overdue == other.overdue && one.cancel_asked == other.cancel_asked &&
           one.adopted == other.adopted && one.doubt == other.doubt && one.suspects == other.suspects &&
           one.called == other.called;
}

template <class Key, class Value>
bool same(const std::map<Key, Value>& one, const std::map<Key, Value>& other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](const auto& a, const auto& b) {
        return a.first == b.first && same(a.second, b.second);
    });
}

bool same(const Suspension* one, const Suspension* other) {
    if (one == nullptr || other == nullptr) return one == other;
    return one->reason == other->reason && one->since == other->since && one->until == other->until &&
           one->not_before == other->not_before && one->message == other->message;
}

bool same_account(const Account& one, const Account& other, Instant at) {
    return same(one.suspension(at), other.suspension(at)) && one.slots(at) == other.slots(at) &&
           one.creates_at_once(at) == other.creates_at_once(at) &&
           one.slots_rise_at(at) == other.slots_rise_at(at);
}

std::string difference_at(const Ledger& one, const Ledger& other, Instant at) {
    if (one.slots_taken(at) != other.slots_taken(at)) return "slots taken";
    if (one.slot_expires_at(at) != other.slot_expires_at(at)) return "when a slot comes back";
    if (one.tokens().available(at) != other.tokens().available(at)) return "tokens on hand";
    if (one.tokens().ready_at(at) != other.tokens().ready_at(at)) return "when a token is on hand";
    return same_account(one.account(), other.account(), at) ? "" : "the account";
}

bool same_beliefs(const Ledger& one, const Ledger& other) {
    for (const auto& [key, batch] : one.batches()) {
        for (std::uint32_t i = 0; i < batch.shots.size(); ++i) {
            const auto kind = one.duration_kind({.batch = key, .index = i});
            const auto a = one.durations().belief(kind);
            const auto b = other.durations().belief(kind);
            if (a.median() != b.median() || a.mean() != b.mean() || a.seen() != b.seen()) return false;
        }
    }
    return true;
}

} // namespace

std::string difference(const Ledger& one, const Ledger& other, Instant now) {
    if (!same(one.batches(), other.batches())) return "the batches";
    if (one.paused() != other.paused()) return "what is paused";
    if (!same(one.active(), other.active())) return "the active shots";
    if (one.lost() != other.lost() || one.held() != other.held()) return "the lost creates";
    if (one.unanswered() != other.unanswered()) return "the creates without an answer";
    if (one.last_event_at() != other.last_event_at()) return "the last event's instant";
    if (!same_beliefs(one, other)) return "the beliefs about durations";
    for (const Duration later : {Duration{0s}, Duration{1s}, Duration{20s}, Duration{5min}, Duration{1h}}) {
        const auto what = difference_at(one, other, now + later);
        if (!what.empty()) return fmt::format("{}, {} us later", what, later.count());
    }
    return "";
}

} // namespace reeld::test
