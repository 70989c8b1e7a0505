#include "daemon/control/operator.h"

#include "daemon/app/narration.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace reeld {

/// One deed on all shots of a batch.
struct Operator::Bulk {
    BatchKey batch = 0;
    std::function<Fact(ShotRef)> fact;
    Done done;
    std::uint32_t next = 0;
    Outcome outcome;
    bool ends_shots = false;
    bool paused = false; ///< By this deed.
};

bool Operator::allows(const Fact& fact) const {
    const auto& ledger = app_.queue().ledger();
    return ledger.why_illegal({.stamp = {.at = ledger.last_event_at(), .wall = {}}, .fact = fact}).empty();
}

std::string Operator::name_of(ShotRef shot) const {
    return full_name(shot, app_.journal(), app_.queue().ledger());
}

void Operator::record_one(Fact fact, Done done) {
    app_.record(std::move(fact));
    app_.after_commit([done = std::move(done)] { done({.changed = 1, .refused = std::nullopt}); });
}

void Operator::pause(BatchKey batch, Done done) {
    const auto& ledger = app_.queue().ledger();
    if (batch != kAllBatches && ledger.batch(batch).all_final()) {
        return done({.refused = Refused{.message = fmt::format("{} is finished: nothing of it waits",
                                                               ledger.batch(batch).name),
                                        .remedy = ""}});
    }
    if (ledger.paused().contains(batch)) return app_.after_commit([done = std::move(done)] { done({}); });
    record_one(event::Paused{.batch = batch}, std::move(done));
}

void Operator::resume(BatchKey batch, Done done) {
    if (!app_.queue().ledger().paused().contains(batch))
        return app_.after_commit([done = std::move(done)] { done({}); });
    record_one(event::Resumed{.batch = batch}, std::move(done));
}

/// A prediction that never ends would keep its slot for ever.
Fact Operator::cancel_fact(ShotRef shot) const {
    Fact asked = event::CancelAsked{.shot = shot};
    const auto& queue = app_.queue();
    const bool said_twice = !allows(asked);
    if (said_twice && queue.scheduler().is_given_up(queue.ledger(), shot, app_.loop().now().at))
        return event::PredictionCancelled{.shot = shot};
    return asked;
}

void Operator::cancel(ShotRef shot, Done done) {
    const Fact fact = cancel_fact(shot);
    if (allows(fact)) return record_one(fact, std::move(done));
    const ShotState state = app_.queue().ledger().shot(shot).state;
    if (!is_final(state)) return app_.after_commit([done = std::move(done)] { done({}); }); // Asked before.
    const char* ended = state == ShotState::cancelled ? "is cancelled already"
                        : state == ShotState::failed  ? "has failed"
                                                      : "has succeeded";
    done(
        {.refused = Refused{.message = fmt::format("{} {}: there is nothing to cancel", name_of(shot), ended),
                            .remedy = ""}});
}

void Operator::cancel(BatchKey batch, Done done) {
    begin(std::make_shared<Bulk>(Bulk{.batch = batch,
                                      .fact = [this](ShotRef shot) { return cancel_fact(shot); },
                                      .done = std::move(done),
                                      .ends_shots = true}));
}

void Operator::resolve(ShotRef shot, const Finding& finding, Done done) {
    const auto resolved = resolve_doubt(app_.queue().ledger(), app_.journal(), shot, finding);
    if (!resolved.fact) return done(unresolved(shot, resolved.why_not));
    if (!finding.prediction) return record_finding(shot, finding, std::move(done));
    const std::string create = app_.queue().ledger().active().at(shot).request_id;
    const auto take = [this, shot, finding, create, done = std::move(done)](const std::string& why_not) {
        if (!why_not.empty()) return done(unresolved(shot, why_not));
        const auto active = app_.queue().ledger().active().find(shot);
        if (active != app_.queue().ledger().active().end() && active->second.request_id != create)
            return done(unresolved(shot, "was sent again while that prediction was looked up"));
        record_finding(shot, finding, done);
    };
    app_.look_up(shot, *finding.prediction, take);
}

void Operator::record_finding(ShotRef shot, const Finding& finding, Done done) {
    auto resolved = resolve_doubt(app_.queue().ledger(), app_.journal(), shot, finding);
    if (!resolved.fact) return done(unresolved(shot, resolved.why_not));
    record_one(std::move(*resolved.fact), std::move(done));
}

Operator::Outcome Operator::unresolved(ShotRef shot, const std::string& why_not) const {
    return {.refused = Refused{.message = fmt::format("{} {}", name_of(shot), why_not),
                               .remedy = "look for its prediction at the provider; 'reeld report' has the "
                                         "times and the request ids of its creates"}};
}

void Operator::retry(ShotRef shot, Done done) {
    const Fact fact = event::RetryAsked{.shot = shot};
    if (allows(fact)) return record_one(fact, std::move(done));
    const ShotState state = app_.queue().ledger().shot(shot).state;
    const bool ended = state == ShotState::failed || state == ShotState::cancelled;
    done(
        {.refused = Refused{
             .message = ended ? fmt::format("{} had {} attempts: no more can be counted", name_of(shot),
                                            kAttemptsMax)
                              : fmt::format("{} is {}: only a shot that failed or was cancelled is retried",
                                            name_of(shot), to_word(state)),
             .remedy = state == ShotState::succeeded ? "'reeld submit --again' renders a storyboard once more"
                                                     : ""}});
}

void Operator::retry(BatchKey batch, Done done) {
    begin(std::make_shared<Bulk>(
        Bulk{.batch = batch,
             .fact = [](ShotRef shot) -> Fact { return event::RetryAsked{.shot = shot}; },
             .done = std::move(done)}));
}

void Operator::prioritise(BatchKey batch, int priority, Done done) {
    const bool is_so =
        std::ranges::all_of(app_.queue().ledger().batch(batch).shots,
                            [priority](const ShotRecord& shot) { return shot.facts.priority == priority; });
    if (is_so) return app_.after_commit([done = std::move(done)] { done({}); });
    record_one(event::Reprioritised{.batch = batch, .priority = static_cast<std::int16_t>(priority)},
               std::move(done));
}

void Operator::begin(const std::shared_ptr<Bulk>& bulk) {
    const auto& ledger = app_.queue().ledger();
    const bool many = ledger.batch(bulk->batch).shots.size() > kFactsPerTurnMax;
    if (many && bulk->ends_shots && !ledger.paused().contains(bulk->batch)) {
        app_.record(event::Paused{.batch = bulk->batch});
        bulk->paused = true;
    }
    go_on(bulk);
}

void Operator::go_on(const std::shared_ptr<Bulk>& bulk) {
    const auto total = static_cast<std::uint32_t>(app_.queue().ledger().batch(bulk->batch).shots.size());
    std::size_t recorded = 0;
    while (bulk->next < total && recorded < kFactsPerTurnMax) {
        Fact fact = bulk->fact({.batch = bulk->batch, .index = bulk->next++});
        if (!allows(fact)) continue;
        app_.record(std::move(fact));
        ++recorded;
    }
    bulk->outcome.changed += recorded;
    if (bulk->next < total) return app_.after_commit([this, bulk] { go_on(bulk); });
    if (bulk->paused && app_.queue().ledger().paused().contains(bulk->batch))
        app_.record(event::Resumed{.batch = bulk->batch});
    app_.after_commit([bulk] { bulk->done(bulk->outcome); });
}

} // namespace reeld
