#include "tests/simulation/simulation.h"

#include "tests/jobs/queue/driven_queue.h"
#include "tests/simulation/ledger_difference.h"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace reeld::test {

namespace {

/// Short, so that a night sees some; longer than every prediction that is not stuck.
constexpr Duration kGiveUp = 10min;
/// How long the client waits for an answer.
constexpr Duration kTimeout = 5s;
/// A night with hundreds of thousands of steps is one that does not come to its end.
constexpr int kStepsMax = 200'000;
/// More actions at one instant than there can be shots, polls, lines and manifests: next() repeats itself.
constexpr int kActionsMax = 1'000;

std::vector<ShotFacts> some_shots(Dice& dice) {
    std::vector<ShotFacts> facts(1 + dice.roll(12));
    for (auto& shot : facts) {
        shot.priority = static_cast<std::int16_t>(dice.roll(3));
        shot.clip_seconds = static_cast<std::uint16_t>(5 + 5 * dice.roll(2));
    }
    return facts;
}

Provider::Limits some_limits(Dice& dice) {
    return {.creates = 1 + static_cast<int>(dice.roll(6)),
            .window = dice.between(5s, 60s),
            .running = 1 + static_cast<int>(dice.roll(5))};
}

} // namespace

Simulation::Mood Simulation::mood_of(Dice& dice) {
    // Some nights are calm: faults that always come together hide what a single one breaks.
    const auto share = [&](double most) {
        return dice.chance(0.5) ? most * dice.in_unit() : 0.0;
    };
    return {.refused = share(0.4),
            .lost = share(0.2),
            .not_sent = share(0.3),
            .failing = share(0.5),
            .poll_failing = share(0.4),
            .stuck = share(0.1),
            .crash = share(0.02)};
}

Simulation::Simulation(std::uint64_t seed)
    : dice_(seed), mood_(mood_of(dice_)), limits_(some_limits(dice_)), provider_(limits_), now_(kStart),
      queue_(rules(), options()) {
    record(event::Started{});
    const auto batches = static_cast<BatchKey>(1 + dice_.roll(3));
    for (BatchKey key = 1; key <= batches; ++key) {
        send(dice_.between(0s, 5min),
             BatchArrives{
                 {.key = key, .name = fmt::format("b{}", key), .models = {"m"}, .shots = some_shots(dice_)}});
    }
}

Ledger::Rules Simulation::rules() const {
    return {.creates = {.capacity = limits_.creates, .window = limits_.window},
            .slots = limits_.running,
            .attempts = 3,
            .backoff = {},
            .give_up = kGiveUp,
            .typical = {{"m", 60s}}};
}

Scheduler::Options Simulation::options() const {
    return {.polling = {.first = {}, .min = 1s, .max = 15s, .give_up = kGiveUp},
            .polls_at_once = 3,
            .dice = 1,
            .only_allowed = false};
}

void Simulation::require(bool holds, const char* promise) const {
    if (!holds) throw std::logic_error(promise);
}

void Simulation::record(Fact fact) {
    const Event event{.stamp = stamp_at(now_), .fact = std::move(fact)};
    if (const auto why = queue_.why_illegal(event); !why.empty()) throw std::logic_error(why);
    queue_.apply(event);
    if (const auto* it = std::get_if<event::CreateAccepted>(&event.fact)) known_.insert(it->prediction);
    if (const auto* it = std::get_if<event::CreateAdopted>(&event.fact)) known_.insert(it->prediction);
    if (is_durable(event.fact)) journal_.push_back(event);
}

void Simulation::run() {
    for (int steps = 0; !messages_.empty() || queue_.wake_at(now_) != Instant::max(); ++steps) {
        require(steps < kStepsMax, "the night comes to an end");
        step();
    }
    require_end();
}

void Simulation::step() {
    take_actions();
    const Instant wake = queue_.wake_at(now_);
    require(wake > now_, "wake_at() is later than now when next() has nothing");
    if (messages_.empty() && wake == Instant::max()) return;
    if (!messages_.empty() && messages_.begin()->first <= wake) {
        now_ = messages_.begin()->first;
        deliver(messages_.extract(messages_.begin()).mapped());
    } else {
        now_ = wake;
    }
    if (dice_.chance(mood_.crash)) crash();
}

void Simulation::take_actions() {
    for (int actions = 0; const auto action = queue_.next(now_); ++actions) {
        require(actions < kActionsMax, "next() comes to an end");
        promise(*action);
        if (dice_.chance(mood_.crash)) {
            crash(); // After the promise, before the deed.
            continue;
        }
        std::visit([&](const auto& it) { perform(it); }, *action);
    }
}

void Simulation::promise(const Action& action) {
    if (const auto* create = std::get_if<action::Create>(&action)) {
        record(event::CreateIntended{.shot = create->shot,
                                     .attempt = create->attempt,
                                     .request_id = "r",
                                     .provider_at = stamp_at(now_).wall});
        ++intents_[create->shot];
    } else if (const auto* cancel = std::get_if<action::Cancel>(&action)) {
        record(event::PredictionOverdue{cancel->shot});
    } else if (const auto* settle = std::get_if<action::Settle>(&action)) {
        std::visit([this](const auto& fact) { record(fact); }, settle->fact);
    }
}

void Simulation::deliver(const Message& message) {
    std::visit([&](const auto& it) { on(it); }, message);
}

void Simulation::perform(const action::Create& create) {
    const ShotRef shot = create.shot;
    if (dice_.chance(mood_.not_sent))
        return answer(event::CreateNotSent{.shot = shot, .cause = "no route"}, crashes_);
    const bool answer_lost = dice_.chance(mood_.lost);
    const bool arrives = !answer_lost || dice_.chance(0.5);
    if (arrives) send(latency(), CreateArrives{.shot = shot, .answer_lost = answer_lost, .life = crashes_});
    if (!answer_lost) return;
    send(kTimeout, AnswerArrives{.fact = event::CreateLost{.shot = shot, .loss = {.cause = "no answer"}},
                                 .life = crashes_});
}

void Simulation::perform(const action::WriteManifest& manifest) {
    const auto& shots = queue_.ledger().batch(manifest.batch).shots;
    for (std::uint32_t i = 0; i < shots.size(); ++i) {
        require(lines_.contains({.batch = manifest.batch, .index = i}),
                "every line stands before the manifest");
    }
    record(event::ManifestWritten{manifest.batch});
}

Refusal Simulation::any_refusal() {
    static constexpr std::array kKinds = {RefusalKind::invalid_input,    RefusalKind::key_rejected,
                                          RefusalKind::no_balance,       RefusalKind::too_many_running,
                                          RefusalKind::too_fast,         RefusalKind::too_fast,
                                          RefusalKind::too_many_running, RefusalKind::no_balance};
    const auto kind = kKinds.at(dice_.roll(kKinds.size()));
    const bool says_when = dice_.chance(0.5);
    return refusal(kind, says_when ? std::optional{dice_.between(0s, 60s)} : std::nullopt);
}

void Simulation::on(const CreateArrives& create) {
    if (!create.answer_lost && dice_.chance(mood_.refused)) {
        return answer(event::CreateRefused{.shot = create.shot, .refusal = any_refusal()}, create.life);
    }
    const auto prediction = provider_.create(create.shot, now_,
                                             {.takes = dice_.between(20s, 120s),
                                              .succeeds = !dice_.chance(mood_.failing),
                                              .would_fail_again = dice_.chance(0.2)});
    require(provider_.refused() == 0, "the provider's limits are never exceeded");
    require(provider_.created(create.shot) <= intents_[create.shot], "no create without an intent");
    if (create.answer_lost) return;
    answer(event::CreateAccepted{.shot = create.shot, .prediction = prediction, .http_status = 200},
           create.life);
}

void Simulation::on(const PollArrives& poll) {
    if (dice_.chance(mood_.poll_failing)) {
        return answer(
            event::PollFailed{.shot = poll.poll.shot, .http_status = 502, .cause = "oops", .retry_after = {}},
            poll.life);
    }
    answer(provider_.poll(poll.poll.shot, poll.poll.prediction, now_), poll.life);
}

void Simulation::on(const LookArrives& look) {
    if (look.life != crashes_) return;
    event::ListLooked seen{.model = look.model,
                           .asked_at = look.asked_at,
                           .as_of = stamp_at(now_).wall,
                           .answered_at = now_,
                           .complete = true,
                           .sightings = {}};
    for (const auto& execution : provider_.executions()) {
        const auto state = queue_.ledger().shot(execution.shot).state;
        const bool in_question = state == ShotState::creating || state == ShotState::in_doubt;
        if (!in_question || known_.contains(execution.id)) continue;
        seen.sightings.push_back({.prediction = execution.id,
                                  .created_at = stamp_at(execution.created_at).wall,
                                  .equals = {execution.shot}});
    }
    answer(std::move(seen), look.life);
}

void Simulation::on(const AnswerArrives& answer) {
    if (answer.life != crashes_) return;
    Fact fact = answer.fact;
    if (auto* failed = std::get_if<event::PredictionFailed>(&fact)) {
        failed->retry_after = queue_.ledger().retry_after(failed->shot, failed->failure);
    }
    record(fact);
    const auto* accepted = std::get_if<event::CreateAccepted>(&fact);
    // Only known predictions get stuck: a lost one may outlive its slot, which nobody could prevent.
    if (accepted != nullptr && dice_.chance(mood_.stuck))
        provider_.prolong(accepted->prediction, 2 * kGiveUp);
}

void Simulation::deliver_until(Instant end) {
    while (!messages_.empty() && messages_.begin()->first <= end) {
        now_ = messages_.begin()->first;
        const Message message = messages_.extract(messages_.begin()).mapped();
        if (const auto* batch = std::get_if<BatchArrives>(&message)) {
            messages_.emplace(end + 1us, *batch); // It lies in the watch folder until somebody looks.
        } else {
            deliver(message);
        }
    }
    now_ = end;
}

void Simulation::crash() {
    Queue replayed{rules(), options()};
    for (const auto& event : journal_) replayed.apply(event);
    const auto what = difference(queue_.ledger(), replayed.ledger(), now_);
    if (!what.empty()) throw std::logic_error("a replay makes another ledger: " + what);
    queue_ = std::move(replayed);
    ++crashes_;
    // Nothing that was under way arrives after the next start: the connections died with the program.
    deliver_until(now_ + kLatencyMax + dice_.between(0s, 2min));
    record(event::Started{.same_boot = dice_.chance(0.5)});
    std::vector<ShotRef> unknown;
    for (const auto& [shot, active] : queue_.ledger().active()) {
        if (queue_.ledger().shot(shot).state == ShotState::creating) unknown.push_back(shot);
    }
    for (const ShotRef shot : unknown) record(event::CreateLost{.shot = shot, .loss = {.cause = "crash"}});
}

void Simulation::require_end() const {
    for (const auto& [key, batch] : queue_.ledger().batches()) {
        require(batch.final_count() + batch.count(ShotState::held) == batch.shots.size(),
                "in the end every shot is final or held");
        require(batch.manifest_written == batch.all_final(), "a batch has its manifest when it is done");
        for (std::uint32_t i = 0; i < batch.shots.size(); ++i) {
            require(lines_.contains({.batch = key, .index = i}) == is_final(batch.shots[i].state),
                    "a shot has its line when it is final");
        }
    }
}

int Simulation::shots_in(ShotState state) const {
    std::uint32_t count = 0;
    for (const auto& [key, batch] : queue_.ledger().batches()) count += batch.count(state);
    return static_cast<int>(count);
}

} // namespace reeld::test
