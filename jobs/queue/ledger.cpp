#include "jobs/queue/ledger.h"

#include "jobs/queue/legality.h"

#include <algorithm>
#include <cassert>

namespace reeld {

std::uint32_t BatchRecord::final_count() const {
    return count(ShotState::succeeded) + count(ShotState::failed) + count(ShotState::cancelled);
}

Ledger::Ledger(const Rules& rules)
    : rules_(rules), tokens_(rules.creates), account_(rules.slots, rules.backoff), durations_(rules.typical) {
    assert(rules.slots >= 1 && rules.attempts >= 1);
}

std::string Ledger::why_illegal(const Event& event) const {
    return illegality(*this, event);
}

void Ledger::apply(const Event& event) {
    assert(why_illegal(event).empty());
    std::visit([&](const auto& fact) { on(fact, event.stamp); }, event.fact);
    if (is_durable(event.fact)) last_event_at_ = event.stamp.at;
}

int Ledger::slots_taken(Instant now) const {
    const auto live = slots_back_.end() - std::upper_bound(slots_back_.begin(), slots_back_.end(), now);
    return creating_ + rendering_ + static_cast<int>(live);
}

Instant Ledger::slot_expires_at(Instant now) const {
    const auto first = std::upper_bound(slots_back_.begin(), slots_back_.end(), now);
    return first == slots_back_.end() ? Instant::max() : *first;
}

std::optional<Duration> Ledger::retry_after(ShotRef ref, const Failure& failure) const {
    const auto& active = active_.at(ref);
    if (failure.would_fail_again || active.overdue || active.cancel_asked) return std::nullopt;
    return wait_before_attempt(ref, shot(ref).attempts);
}

std::optional<Duration> Ledger::wait_before_attempt(ShotRef ref, int attempts) const {
    if (attempts - shot(ref).forgiven >= rules_.attempts || attempts >= kAttemptsMax) return std::nullopt;
    const auto dice =
        (std::uint64_t{ref.batch} << 40) ^ (std::uint64_t{ref.index} << 8) ^ std::uint64_t(attempts);
    return rules_.backoff.after(attempts, dice);
}

event::CreateDismissed Ledger::dismissal(ShotRef ref, SettledBy by, bool may_be_billed) const {
    event::CreateDismissed fact{.shot = ref, .by = by, .charged = false, .retry_after = Duration::zero()};
    if (by == SettledBy::person) return fact;
    const auto& active = active_.at(ref);
    const bool shots_fault = active.doubt->http_status != 0 && last_accepted_sent_at_ >= active.intended_at;
    const auto losing = losing_since_.find(ref);
    const bool long_enough =
        losing != losing_since_.end() && active.intended_at - losing->second >= rules_.give_up;
    fact.charged = may_be_billed || shots_fault || long_enough;
    const int attempts = shot(ref).attempts;
    fact.retry_after = wait_before_attempt(ref, fact.charged ? attempts : attempts - 1);
    return fact;
}

bool Ledger::is_live(const std::string& prediction) const {
    return std::any_of(active_.begin(), active_.end(),
                       [&](const auto& it) { return it.second.prediction == prediction; });
}

Durations::Kind Ledger::duration_kind(ShotRef ref) const {
    const auto& facts = shot(ref).facts;
    return {.model = batch(ref.batch).models.at(facts.model), .clip_seconds = facts.clip_seconds};
}

/// Across a reboot the timeline goes by the calendar clock, which may hide any length of time and invent any:
/// what had not come back by the last event that is known comes back as if no time had passed since.
void Ledger::distrust(Instant now) {
    tokens_.distrust(last_event_at_, now);
    account_.distrust(last_event_at_, now);
    const auto later = [&, unvouched = now - last_event_at_](Instant& slot_back) {
        if (slot_back > last_event_at_) slot_back += unvouched;
    };
    for (auto& slot_back : slots_back_) later(slot_back);
    for (auto& [ref, slot_back] : lost_) later(slot_back);
}

void Ledger::on(const event::Started& it, Stamp stamp) {
    if (!it.same_boot) distrust(stamp.at);
    account_.started(stamp.at);
    started_at_ = stamp.at;
    for (auto& [ref, active] : active_) {
        if (active.doubt) active.doubt->since = stamp.at;
        if (!it.same_boot) active.age_known = false;
    }
}

void Ledger::on(const event::BatchAccepted& it, Stamp stamp) {
    BatchRecord batch{.name = it.batch.name, .models = it.batch.models, .shots = {}, .accepted = stamp};
    batch.shots.reserve(it.batch.shots.size());
    for (const auto& facts : it.batch.shots) batch.shots.push_back({.facts = facts});
    batch.in_state.at(static_cast<std::size_t>(ShotState::queued)) =
        static_cast<std::uint32_t>(batch.shots.size());
    batches_.emplace(it.batch.key, std::move(batch));
}

void Ledger::on(const event::CreateIntended& it, Stamp stamp) {
    tokens_.take(stamp.at);
    ++creating_;
    record(it.shot).attempts = static_cast<std::uint8_t>(it.attempt);
    active_[it.shot] = ActiveShot{.intended_at = stamp.at,
                                  .request_id = it.request_id,
                                  .webhook = it.webhook,
                                  .webhook_secret = it.webhook_secret,
                                  .provider_at = it.provider_at,
                                  .called = {},
                                  .suspects = {},
                                  .prediction = {},
                                  .accepted_at = {},
                                  .doubt = {}};
    move_to(it.shot, ShotState::creating);
}

/// What a shot becomes that is to be created once more: unless nobody wants it any more.
ShotState Ledger::waiting_again(ShotRef ref) const {
    return active_.at(ref).cancel_asked ? ShotState::cancelled : ShotState::queued;
}

void Ledger::answered_without_prediction(ShotRef ref, ShotState next, Instant at) {
    tokens_.answered(at);
    --creating_;
    move_to(ref, next);
}

void Ledger::on(const event::CreateNotSent& it, Stamp stamp) {
    answered_without_prediction(it.shot, waiting_again(it.shot), stamp.at);
    const Instant sent_at = active_.at(it.shot).intended_at;
    const bool wanted = !active_.at(it.shot).cancel_asked;
    active_.erase(it.shot);
    --record(it.shot).attempts; // Nothing was asked of the provider: no attempt was used.
    // That it did not leave may be because nobody wanted it any more, which says nothing of the way.
    if (wanted) account_.create_not_sent(it.cause, sent_at, stamp.at);
}

void Ledger::on(const event::CreateAccepted& it, Stamp stamp) {
    tokens_.answered(stamp.at);
    --creating_;
    ++rendering_;
    auto& active = active_.at(it.shot);
    active.prediction = it.prediction;
    active.accepted_at = stamp.at;
    last_accepted_sent_at_ = std::max(last_accepted_sent_at_, active.intended_at);
    move_to(it.shot, ShotState::rendering);
    account_.create_accepted(slots_taken(stamp.at), active.intended_at, stamp.at);
}

void Ledger::on(const event::CreateRefused& it, Stamp stamp) {
    const bool shots_fault =
        it.refusal.kind == RefusalKind::invalid_input || it.refusal.kind == RefusalKind::unknown_model;
    answered_without_prediction(it.shot, shots_fault ? ShotState::failed : waiting_again(it.shot), stamp.at);
    const Instant sent_at = active_.at(it.shot).intended_at;
    active_.erase(it.shot);
    if (!shots_fault) --record(it.shot).attempts;
    account_.create_refused(it.refusal, slots_taken(stamp.at), sent_at, stamp.at);
}

void Ledger::on(const event::CreateLost& it, Stamp stamp) {
    // Its token stays taken, too: see give_token_back.
    --creating_;
    move_to(it.shot, ShotState::in_doubt);
    auto& active = active_.at(it.shot);
    active.doubt = Doubt{.http_status = it.loss.http_status, .since = stamp.at, .named = it.loss.named};
    // Not from the intent: it may have waited long for its commit.
    const Instant slot_back = stamp.at + std::max(rules_.give_up, rules_.settle);
    lost_.emplace(it.shot, slot_back);
    slots_back_.insert(std::upper_bound(slots_back_.begin(), slots_back_.end(), slot_back), slot_back);
    account_.create_lost(it.loss.cause, active.intended_at, stamp.at);
}

void Ledger::end_doubt(ShotRef ref, Slot slot, Instant at) {
    const auto lost = lost_.find(ref);
    if (slot == Slot::given_back)
        slots_back_.erase(std::lower_bound(slots_back_.begin(), slots_back_.end(), lost->second));
    lost_.erase(lost);
    if (shot(ref).state == ShotState::held) {
        --held_; // Its token is on its way back since then.
    } else {
        give_token_back(ref, at);
    }
}

/// What ends a doubt early may be of another create (an equal execution that was adopted, a person's word):
/// only its own webhook shows that a lost create has arrived and counts no more.
void Ledger::give_token_back(ShotRef ref, Instant at) {
    const auto& active = active_.at(ref);
    if (!active.called.empty()) return tokens_.answered(at);
    tokens_.lost(at, active.doubt->since + rules_.settle);
}

void Ledger::on(const event::CreateAdopted& it, Stamp stamp) {
    end_doubt(it.shot, Slot::given_back, stamp.at); // It has one of the rendering shots' now.
    auto& active = active_.at(it.shot);
    active.prediction = it.prediction;
    active.accepted_at = active.intended_at;
    active.adopted = true;
    active.doubt.reset();
    ++rendering_;
    move_to(it.shot, ShotState::rendering);
}

void Ledger::on(const event::CreateDismissed& it, Stamp stamp) {
    // What a rule dismissed may be live all the same: its slot comes back as if it were still in doubt.
    if (!it.charged && it.by == SettledBy::list)
        losing_since_.try_emplace(it.shot, active_.at(it.shot).intended_at);
    end_doubt(it.shot, it.by == SettledBy::rule ? Slot::kept : Slot::given_back, stamp.at);
    const ShotState next = it.retry_after ? waiting_again(it.shot) : ShotState::failed;
    active_.erase(it.shot);
    if (!it.charged) --record(it.shot).attempts;
    move_to(it.shot, next);
}

void Ledger::on(const event::CreateHeld& it, Stamp stamp) {
    if (active_.at(it.shot).cancel_asked) return cancel_unsettled(it.shot, stamp.at);
    give_token_back(it.shot, stamp.at);
    ++held_;
    move_to(it.shot, ShotState::held);
}

void Ledger::on(const event::CreateSought& it, Stamp) {
    active_.at(it.shot).suspects = it.suspects;
}

void Ledger::on(const event::CreateCalled& it, Stamp) {
    auto& called = active_.at(it.shot).called;
    if (called.empty()) called = it.prediction;
}

/// Nobody waits for what became of its create; while that may be live, it keeps its slot.
void Ledger::cancel_unsettled(ShotRef ref, Instant at) {
    end_doubt(ref, Slot::kept, at);
    active_.erase(ref);
    move_to(ref, ShotState::cancelled);
}

void Ledger::end_prediction(ShotRef ref, ShotState next, Instant at) {
    --rendering_;
    active_.erase(ref);
    move_to(ref, next);
    account_.prediction_ended(at);
}

void Ledger::on(const event::PredictionSucceeded& it, Stamp stamp) {
    batches_.at(it.shot.batch).cost_usd += it.rendered.cost_usd.value_or(0);
    // What may have ended while nobody looked (the program was down, the shot in doubt) says nothing about
    // durations.
    const auto& active = active_.at(it.shot);
    if (active.accepted_at >= started_at_ && !active.adopted)
        durations_.observe(duration_kind(it.shot), stamp.at - active.accepted_at);
    end_prediction(it.shot, ShotState::succeeded, stamp.at);
}

void Ledger::on(const event::PredictionFailed& it, Stamp stamp) {
    batches_.at(it.shot.batch).cost_usd += it.failure.cost_usd.value_or(0);
    end_prediction(it.shot, it.retry_after ? waiting_again(it.shot) : ShotState::failed, stamp.at);
}

void Ledger::on(const event::PredictionCancelled& it, Stamp stamp) {
    // Cancelled by us for taking too long is a failure of the shot; by a person, here or at the provider, it
    // is a wish.
    const auto& active = active_.at(it.shot);
    const bool given_up = active.overdue && !active.cancel_asked;
    end_prediction(it.shot, given_up ? ShotState::failed : ShotState::cancelled, stamp.at);
}

void Ledger::on(const event::PredictionOverdue& it, Stamp) {
    active_.at(it.shot).overdue = true;
}

void Ledger::on(const event::ManifestWritten& it, Stamp) {
    batches_.at(it.batch).manifest_written = true;
}

void Ledger::on(const event::CancelAsked& it, Stamp stamp) {
    const ShotState state = shot(it.shot).state;
    if (state == ShotState::queued) return move_to(it.shot, ShotState::cancelled);
    if (state == ShotState::held) return cancel_unsettled(it.shot, stamp.at);
    active_.at(it.shot).cancel_asked = true;
}

void Ledger::on(const event::Paused& it, Stamp) {
    paused_.insert(it.batch);
}

void Ledger::on(const event::Resumed& it, Stamp) {
    paused_.erase(it.batch);
}

void Ledger::on(const event::Reprioritised& it, Stamp) {
    for (auto& shot : batches_.at(it.batch).shots) shot.facts.priority = it.priority;
}

void Ledger::on(const event::HoursSet& it, Stamp) {
    batches_.at(it.batch).hours = it.hours;
}

void Ledger::on(const event::RetryAsked& it, Stamp) {
    auto& shot = record(it.shot);
    shot.forgiven = shot.attempts;
    shot.retried = true;
    batches_.at(it.shot.batch).manifest_written = false;
    move_to(it.shot, ShotState::queued);
}

void Ledger::move_to(ShotRef ref, ShotState state) {
    auto& batch = batches_.at(ref.batch);
    auto& shot = batch.shots.at(ref.index);
    --batch.in_state.at(static_cast<std::size_t>(shot.state));
    ++batch.in_state.at(static_cast<std::size_t>(state));
    shot.state = state;
    if (state == ShotState::rendering || is_final(state)) losing_since_.erase(ref);
}

} // namespace reeld
