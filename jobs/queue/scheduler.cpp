#include "jobs/queue/scheduler.h"

#include <algorithm>
#include <cassert>

namespace reeld {

namespace {

/// While so few ends were seen of a kind, each one changes what is believed of its peers enough to plan their
/// polls anew.
constexpr int kReplanUntilSeen = 10;

/// What stands before a create ends one after the other. So many ends are followed, which is more than there
/// are reasons to wait and slots of an account in its night; whoever has more is asked again at the next
/// event.
constexpr int kWaitsFollowed = 64;

/// A poll that is asked to come again much later, as by a proxy's page for a maintenance, comes after this: a
/// prediction may end meanwhile, and its URL does not wait for ever.
constexpr Duration kPollRetryAfterMax = std::chrono::minutes{5};

} // namespace

double Scheduler::jitter() {
    const std::uint64_t thrown = spread(options_.dice ^ spread(++throws_));
    return static_cast<double>(thrown >> 11) * 0x1.0p-52 - 1;
}

void Scheduler::note(const Ledger& ledger, const Event& event) {
    settling_.note(ledger, event);
    const bool webhooks_came = webhooks_.trusted();
    webhooks_.note(ledger, event);
    if (const ShotRef* ref = shot_of(event.fact)) {
        note_shot(ledger, event, *ref);
    } else {
        note_program(ledger, event);
    }
    // Other webhooks may have been lost, too.
    if (webhooks_came && !webhooks_.trusted()) replan_all(ledger, event.stamp.at);
}

void Scheduler::note_program(const Ledger& ledger, const Event& event) {
    if (const auto* accepted = std::get_if<event::BatchAccepted>(&event.fact)) {
        const auto count = static_cast<std::uint32_t>(accepted->batch.shots.size());
        for (std::uint32_t i = 0; i < count; ++i) enqueue(ledger, {.batch = accepted->batch.key, .index = i});
    } else if (const auto* written = std::get_if<event::ManifestWritten>(&event.fact)) {
        lines_.erase(written->batch);
        manifests_.erase(written->batch);
    } else if (const auto* started = std::get_if<event::Started>(&event.fact)) {
        if (!started->same_boot) overdue_.postpone(event.stamp.at + options_.polling.give_up);
        cancels_.clear();
        for (const auto& [ref, active] : ledger.active()) {
            const bool asked = active.cancel_asked && ledger.shot(ref).state == ShotState::rendering;
            if (active.overdue || asked) cancels_.insert(ref);
        }
    } else if (const auto* paused = std::get_if<event::Paused>(&event.fact)) {
        if (paused->batch != kAllBatches) order_.remove(paused->batch);
    } else if (const auto* resumed = std::get_if<event::Resumed>(&event.fact)) {
        if (resumed->batch != kAllBatches) enqueue_all(ledger, resumed->batch);
    } else if (const auto* moved = std::get_if<event::Reprioritised>(&event.fact)) {
        order_.remove(moved->batch);
        enqueue_all(ledger, moved->batch);
    }
}

void Scheduler::note_shot(const Ledger& ledger, const Event& event, ShotRef ref) {
    const Instant at = event.stamp.at;
    const auto& fact = event.fact;
    if (std::holds_alternative<event::CreateIntended>(fact)) {
        order_.remove(ref, ledger.shot(ref).facts.priority);
        backing_off_.remove(ref); // In a replay nobody asked for actions, so it was never promoted.
        order_.served(ref.batch);
    } else if (std::holds_alternative<event::CreateAccepted>(fact) ||
               std::holds_alternative<event::CreateAdopted>(fact)) {
        overdue_.set(ref, at + options_.polling.give_up);
        plan_poll(ledger, ref, at);
        if (ledger.active().at(ref).cancel_asked) cancels_.insert(ref);
    } else if (std::holds_alternative<event::CancelAsked>(fact)) {
        note_cancel(ledger, ref);
    } else if (std::holds_alternative<event::RetryAsked>(fact)) {
        note_retry(ledger, ref);
    } else if (std::holds_alternative<event::WebhookArrived>(fact)) {
        note_webhook(ref, at);
    } else if (std::holds_alternative<event::PollPending>(fact)) {
        polls_.answered(ref);
        plan_poll(ledger, ref, at);
        poll_again_if_called(ref, at);
    } else if (const auto* poll = std::get_if<event::PollFailed>(&fact)) {
        plan_after_failure(ref, *poll, at);
        poll_again_if_called(ref, at);
    } else if (std::holds_alternative<event::PredictionOverdue>(fact)) {
        overdue_.remove(ref);
        cancels_.erase(ref);
        if (!ledger.active().at(ref).webhook.empty()) {
            // None will tell of this end, for which its poll was left to be late.
            const auto [due, leeway] = poll_at(ledger, ref, at);
            polls_.bring_forward(ref, due, leeway);
        }
    } else {
        note_end(ledger, event, ref);
    }
}

void Scheduler::note_end(const Ledger& ledger, const Event& event, ShotRef ref) {
    const Instant at = event.stamp.at;
    finish(ledger, ref);
    if (ledger.shot(ref).state == ShotState::cancelled) return;
    if (const auto* failed = std::get_if<event::PredictionFailed>(&event.fact);
        failed && failed->retry_after) {
        backing_off_.set(ref, at + *failed->retry_after);
    } else if (const auto* dismissed = std::get_if<event::CreateDismissed>(&event.fact);
               dismissed && dismissed->retry_after) {
        backing_off_.set(ref, at + *dismissed->retry_after);
    } else if (ledger.shot(ref).state == ShotState::queued) {
        enqueue(ledger, ref); // Refused or not sent, through no fault of its own.
    } else if (std::holds_alternative<event::PredictionSucceeded>(event.fact)) {
        replan_peers(ledger, ref, at);
    }
}

void Scheduler::note_cancel(const Ledger& ledger, ShotRef ref) {
    if (ledger.shot(ref).state == ShotState::cancelled) {
        order_.remove(ref, ledger.shot(ref).facts.priority);
        backing_off_.remove(ref);
        finish(ledger, ref);
    } else if (ledger.shot(ref).state == ShotState::rendering && !ledger.active().at(ref).overdue) {
        cancels_.insert(ref);
    }
}

/// What was to be written of its end is so no more.
void Scheduler::note_retry(const Ledger& ledger, ShotRef ref) {
    if (const auto lines = lines_.find(ref.batch); lines != lines_.end()) {
        std::erase(lines->second, ref.index);
        if (lines->second.empty()) lines_.erase(lines);
    }
    manifests_.erase(ref.batch);
    enqueue(ledger, ref);
}

void Scheduler::note_webhook(ShotRef ref, Instant now) {
    if (polls_.is_under_way(ref)) {
        called_.insert(ref);
    } else {
        polls_.plan(ref, now);
    }
}

void Scheduler::poll_again_if_called(ShotRef ref, Instant now) {
    if (called_.erase(ref) > 0) polls_.plan(ref, now);
}

void Scheduler::enqueue(const Ledger& ledger, ShotRef ref) {
    if (wanted(ledger, ref.batch) && !closed_.contains(ref.batch))
        order_.add(ref, ledger.shot(ref).facts.priority);
}

void Scheduler::finish(const Ledger& ledger, ShotRef ref) {
    polls_.remove(ref);
    overdue_.remove(ref);
    cancels_.erase(ref);
    called_.erase(ref);
    if (!is_final(ledger.shot(ref).state)) return;
    lines_[ref.batch].push_back(ref.index);
    if (ledger.batch(ref.batch).all_final()) manifests_.insert(ref.batch);
}

Scheduler::PollTime Scheduler::poll_at(const Ledger& ledger, ShotRef ref, Instant now) {
    const Duration age = now - ledger.active().at(ref).accepted_at;
    const auto belief = ledger.durations().belief(ledger.duration_kind(ref));
    PollPolicy policy = options_.polling;
    policy.webhook = webhooks_.expects(ref);
    const Duration wait = wait_until_poll(policy, belief, age, jitter());
    return {.due = now + wait, .leeway = poll_leeway(policy, belief, age, wait)};
}

void Scheduler::plan_poll(const Ledger& ledger, ShotRef ref, Instant now) {
    const auto [due, leeway] = poll_at(ledger, ref, now);
    polls_.plan(ref, due, leeway);
}

void Scheduler::plan_after_failure(ShotRef ref, const event::PollFailed& failed, Instant now) {
    const int failures = polls_.failed(ref);
    const Duration wait = wait_after_failed_poll(options_.polling, failures, jitter());
    const Duration asked_for = std::min(failed.retry_after.value_or(Duration::zero()), kPollRetryAfterMax);
    polls_.plan(ref, now + std::max(wait, asked_for));
}

void Scheduler::replan_all(const Ledger& ledger, Instant now) {
    for (const ShotRef ref : polls_.planned()) {
        const auto [due, leeway] = poll_at(ledger, ref, now);
        polls_.bring_forward(ref, due, leeway);
    }
}

void Scheduler::replan_peers(const Ledger& ledger, ShotRef ended, Instant now) {
    const auto kind = ledger.duration_kind(ended);
    if (ledger.durations().belief(kind).seen() > kReplanUntilSeen) return;
    for (const ShotRef ref : polls_.planned()) {
        if (ledger.duration_kind(ref).model != kind.model) continue;
        const auto [due, leeway] = poll_at(ledger, ref, now);
        polls_.bring_forward(ref, due, leeway);
    }
}

void Scheduler::allow(const Ledger& ledger, BatchKey batch) {
    if (!options_.only_allowed || !allowed_.insert(batch).second) return;
    enqueue_all(ledger, batch);
}

/// All of the batch that wait, and wait for nothing else.
void Scheduler::enqueue_all(const Ledger& ledger, BatchKey batch) {
    const auto& shots = ledger.batch(batch).shots;
    for (std::uint32_t i = 0; i < shots.size(); ++i) {
        const ShotRef ref{.batch = batch, .index = i};
        if (shots[i].state == ShotState::queued && !backing_off_.contains(ref)) enqueue(ledger, ref);
    }
}

void Scheduler::set_hours(const Ledger& ledger, BatchKey batch, std::optional<OpenSpans> spans, Instant now) {
    std::erase_if(turns_, [batch](const auto& turn) { return turn.second == batch; });
    hours_.set(batch, std::move(spans));
    heed_hours(ledger, batch, now);
}

/// Opens or closes the batch, as its hours have it at `now`, and plans the next time.
void Scheduler::heed_hours(const Ledger& ledger, BatchKey batch, Instant now) {
    const bool is_open = hours_.is_open(batch, now);
    if (is_open && closed_.erase(batch) > 0) {
        enqueue_all(ledger, batch);
    } else if (!is_open && closed_.insert(batch).second) {
        order_.remove(batch);
    }
    const Instant next = hours_.changes_at(batch, now);
    if (next != Instant::max()) turns_.emplace(next, batch);
}

void Scheduler::promote(const Ledger& ledger, Instant now) {
    while (!turns_.empty() && turns_.begin()->first <= now)
        heed_hours(ledger, turns_.extract(turns_.begin()).value().second, now);
    while (const auto ref = backing_off_.due(now)) {
        backing_off_.remove(*ref);
        enqueue(ledger, *ref);
    }
}

std::optional<Action> Scheduler::next(const Ledger& ledger, Instant now) {
    promote(ledger, now);
    if (auto paperwork = next_paperwork()) return paperwork;
    if (auto settling = settling_.next(ledger, now)) return settling;
    if (auto cancel = next_cancel(ledger, now)) return cancel;
    // A create before a poll: an empty slot costs more than an end that is seen a little later.
    if (auto create = next_create(ledger, now)) return create;
    if (polls_.under_way() >= options_.polls_at_once) return std::nullopt;
    const auto ref = polls_.take_due(now);
    if (!ref) return std::nullopt;
    return action::Poll{.shot = *ref, .prediction = ledger.active().at(*ref).prediction};
}

std::optional<Action> Scheduler::next_paperwork() {
    if (!lines_.empty()) {
        const auto batch = lines_.begin();
        const ShotRef ref{.batch = batch->first, .index = batch->second.front()};
        batch->second.pop_front();
        if (batch->second.empty()) lines_.erase(batch);
        return action::AppendLine{.shot = ref};
    }
    if (manifests_.empty()) return std::nullopt;
    return action::WriteManifest{.batch = manifests_.extract(manifests_.begin()).value()};
}

std::optional<Action> Scheduler::next_cancel(const Ledger& ledger, Instant now) {
    auto ref = overdue_.due(now);
    if (!ref && !cancels_.empty()) ref = *cancels_.begin();
    if (!ref) return std::nullopt;
    return action::Cancel{.shot = *ref, .prediction = ledger.active().at(*ref).prediction};
}

std::optional<Action> Scheduler::next_create(const Ledger& ledger, Instant now) const {
    if (create_at(ledger, now) > now) return std::nullopt;
    const ShotRef ref = *order_.next();
    return action::Create{.shot = ref, .attempt = ledger.shot(ref).attempts + 1};
}

Instant Scheduler::create_at(const Ledger& ledger, Instant now) const {
    if (stopped_ || order_.empty() || ledger.paused().contains(kAllBatches)) return Instant::max();
    const auto& account = ledger.account();
    if (const auto* suspension = account.suspension(now)) return suspension->until;
    if (ledger.slots_taken(now) >= account.slots(now)) {
        return std::min(ledger.slot_expires_at(now), account.slots_rise_at(now));
    }
    if (ledger.unanswered() >= account.creates_at_once(now)) return Instant::max();
    return ledger.tokens().ready_at(now);
}

bool Scheduler::is_given_up(const Ledger& ledger, ShotRef ref, Instant now) const {
    const auto active = ledger.active().find(ref);
    return active != ledger.active().end() && active->second.overdue &&
           now - active->second.accepted_at >= options_.polling.give_up;
}

Instant Scheduler::creates_from(const Ledger& ledger, Instant now) const {
    Instant from = now;
    for (int waits = 0; waits < kWaitsFollowed; ++waits) {
        const Instant next = create_at(ledger, from);
        if (next <= from) return from;
        if (next == Instant::max()) return next;
        from = next;
    }
    return Instant::max();
}

Instant Scheduler::wake_at(const Ledger& ledger, Instant now) const {
    if (!lines_.empty() || !manifests_.empty() || !cancels_.empty()) return now;
    Instant first =
        std::min({create_at(ledger, now), backing_off_.next_due(), overdue_.next_due(), settling_.wake_at()});
    if (!turns_.empty()) first = std::min(first, turns_.begin()->first);
    if (polls_.under_way() < options_.polls_at_once) first = std::min(first, polls_.next_due());
    return std::max(first, now);
}

} // namespace reeld
