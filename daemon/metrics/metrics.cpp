#include "daemon/metrics/metrics.h"

#include "daemon/metrics/families.h"
#include "daemon/metrics/queue_depth.h"
#include "jobs/manifest/manifest_text.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <prometheus/text_serializer.h>
#include <sstream>

namespace reeld {

namespace {

constexpr const char* kOtherModels = "other";

double in_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

template <class Enum>
std::size_t index_of(Enum value) {
    return static_cast<std::size_t>(value);
}

} // namespace

struct Metrics::Impl {
    explicit Impl(const Options& options) : families(options) {}

    ModelSeries& series_of(ShotRef ref, const Ledger& ledger);
    void created(CreateResult result) { families.creates.at(index_of(result))->Increment(); }
    void polled(PollResult result) { families.polls.at(index_of(result))->Increment(); }
    void looked(LookResult result) { families.looks.at(index_of(result))->Increment(); }
    void doubt_ended(DoubtEnd end, SettledBy by);
    void prediction_ended(ShotRef ref, EndResult end, std::optional<double> cost_usd, const Ledger& ledger,
                          Instant at);

    // One function a kind of event; kinds that are counted nowhere have none of their own.
    template <class Fact>
    void on(const Fact&, const Ledger&, Instant) {}
    void on(const event::Started&, const Ledger& ledger, Instant) { depth.count_all(ledger); }
    void on(const event::BatchAccepted& it, const Ledger& ledger, Instant) { recount(it.batch.key, ledger); }
    void on(const event::CreateNotSent&, const Ledger&, Instant) { created(CreateResult::not_sent); }
    void on(const event::CreateAccepted& it, const Ledger&, Instant at) {
        created(CreateResult::accepted);
        accepted_at[it.shot] = at;
    }
    void on(const event::CreateRefused& it, const Ledger&, Instant) {
        created(static_cast<CreateResult>(it.refusal.kind)); // The kinds stand first there, in this order.
    }
    void on(const event::CreateLost&, const Ledger&, Instant) {
        created(CreateResult::lost);
        families.doubts.Increment();
    }
    void on(const event::CreateAdopted& it, const Ledger&, Instant) { doubt_ended(DoubtEnd::adopted, it.by); }
    void on(const event::CreateDismissed& it, const Ledger&, Instant) {
        doubt_ended(DoubtEnd::dismissed, it.by);
    }
    void on(const event::CreateHeld& it, const Ledger& ledger, Instant) {
        // Nobody waits to hear of a shot that a person wanted no more.
        if (ledger.shot(it.shot).state == ShotState::cancelled)
            return doubt_ended(DoubtEnd::abandoned, SettledBy::person);
        families.doubts_held.Increment();
    }
    void on(const event::ListLooked& it, const Ledger&, Instant) {
        looked(it.complete ? LookResult::complete : LookResult::incomplete);
    }
    void on(const event::ListFailed&, const Ledger&, Instant) { looked(LookResult::failed); }
    void on(const event::PollPending&, const Ledger&, Instant) { polled(PollResult::pending); }
    void on(const event::PollFailed&, const Ledger&, Instant) { polled(PollResult::failed); }
    void on(const event::WebhookArrived&, const Ledger&, Instant) { families.webhooks.Increment(); }
    void on(const event::PredictionSucceeded& it, const Ledger& ledger, Instant at) {
        prediction_ended(it.shot, EndResult::succeeded, it.rendered.cost_usd, ledger, at);
    }
    void on(const event::PredictionFailed& it, const Ledger& ledger, Instant at) {
        prediction_ended(it.shot, EndResult::failed, it.failure.cost_usd, ledger, at);
    }
    void on(const event::PredictionCancelled& it, const Ledger& ledger, Instant at) {
        prediction_ended(it.shot, EndResult::cancelled, std::nullopt, ledger, at);
    }
    void on(const event::Paused& it, const Ledger& ledger, Instant) { recount(it.batch, ledger); }
    void on(const event::Resumed& it, const Ledger& ledger, Instant) { recount(it.batch, ledger); }
    void on(const event::ManifestWritten& it, const Ledger& ledger, Instant) {
        recount(it.batch, ledger);
        const BatchRecord& batch = ledger.batch(it.batch);
        const auto status = batch_status({.total = static_cast<std::uint32_t>(batch.shots.size()),
                                          .succeeded = batch.count(ShotState::succeeded),
                                          .failed = batch.count(ShotState::failed),
                                          .cancelled = batch.count(ShotState::cancelled)});
        const auto word = std::find(kBatchStatuses.begin(), kBatchStatuses.end(), status);
        families.batches_finished.at(static_cast<std::size_t>(word - kBatchStatuses.begin()))->Increment();
    }

    QueueDepth::ByShotState recount(BatchKey key, const Ledger& ledger);
    void shot_moved(ShotRef ref, const Event& event, const Ledger& ledger);
    void set_depth(const Ledger& ledger);
    void set_account(const Ledger& ledger, Instant now);

    Families families;
    QueueDepth depth;
    std::map<std::string, ModelSeries> models;
    /// Of predictions whose acceptance was seen: how long others took is not known. At most one a slot.
    std::map<ShotRef, Instant> accepted_at;
};

ModelSeries& Metrics::Impl::series_of(ShotRef ref, const Ledger& ledger) {
    const BatchRecord& batch = ledger.batch(ref.batch);
    const std::string& slug = batch.models.at(batch.shots.at(ref.index).facts.model);
    if (const auto known = models.find(slug); known != models.end()) return known->second;
    const std::string label = models.size() < models_max ? slug : kOtherModels;
    const auto [place, is_new] = models.try_emplace(label);
    if (is_new) place->second = families.add_model(label);
    return place->second;
}

void Metrics::Impl::doubt_ended(DoubtEnd end, SettledBy by) {
    families.doubts_ended.at(index_of(end)).at(index_of(by))->Increment();
}

void Metrics::Impl::prediction_ended(ShotRef ref, EndResult end, std::optional<double> cost_usd,
                                     const Ledger& ledger, Instant at) {
    polled(PollResult::ended);
    ModelSeries& series = series_of(ref, ledger);
    series.predictions.at(index_of(end))->Increment();
    if (const auto seen = accepted_at.find(ref); seen != accepted_at.end()) {
        series.durations.at(index_of(end))->Observe(in_seconds(at - seen->second));
        accepted_at.erase(seen);
    }
    // What a provider says need not be a price, and a counter never falls.
    if (cost_usd && std::isfinite(*cost_usd) && *cost_usd > 0) series.cost->Increment(*cost_usd);
}

QueueDepth::ByShotState Metrics::Impl::recount(BatchKey key, const Ledger& ledger) {
    if (key == kAllBatches) return {}; // A pause of all of them changes none.
    return depth.count(key, ledger);
}

void Metrics::Impl::shot_moved(ShotRef ref, const Event& event, const Ledger& ledger) {
    const auto entered = recount(ref.batch, ledger);
    for (std::size_t state = 0; state < kShotStates; ++state) {
        if (families.shots_ended.at(state) != nullptr && entered.at(state) > 0)
            families.shots_ended.at(state)->Increment(static_cast<double>(entered.at(state)));
    }
    const bool was_held = entered.at(index_of(ShotState::held)) < 0;
    if (was_held && std::holds_alternative<event::CancelAsked>(event.fact))
        doubt_ended(DoubtEnd::abandoned, SettledBy::person);
}

void Metrics::Impl::set_depth(const Ledger& ledger) {
    for (std::size_t batch = 0; batch < kBatchStates; ++batch) {
        const auto state = static_cast<BatchState>(batch);
        if (state == BatchState::finished) continue;
        families.batches.at(batch)->Set(static_cast<double>(depth.batches(state)));
        for (std::size_t shot = 0; shot < kShotStates; ++shot)
            families.shots.at(batch).at(shot)->Set(
                static_cast<double>(depth.shots(state, static_cast<ShotState>(shot))));
    }
    const auto oldest = depth.oldest();
    families.oldest_batch.Set(
        oldest ? std::chrono::duration<double>(ledger.batch(*oldest).accepted.wall.time_since_epoch()).count()
               : 0);
}

void Metrics::Impl::set_account(const Ledger& ledger, Instant now) {
    const auto& account = ledger.account();
    families.slots.Set(ledger.rules().slots);
    families.slots_allowed.Set(account.slots(now));
    families.slots_in_use.Set(ledger.slots_taken(now));
    const int capacity = ledger.tokens().limit().capacity;
    families.tokens.Set(capacity);
    families.tokens_in_use.Set(capacity - ledger.tokens().available(now));
    const auto* suspension = account.suspension(now);
    for (std::size_t reason = 0; reason < kSuspensionReasons; ++reason)
        families.suspended.at(reason)->Set(
            suspension != nullptr && index_of(suspension->reason) == reason ? 1 : 0);
    families.paused.Set(ledger.paused().contains(kAllBatches) ? 1 : 0);
}

Metrics::Metrics(const Options& options) : impl_(std::make_unique<Impl>(options)) {}

Metrics::~Metrics() = default;

void Metrics::happened(const Event& event, const Ledger& ledger) {
    std::visit([&](const auto& fact) { impl_->on(fact, ledger, event.stamp.at); }, event.fact);
    if (const ShotRef* ref = shot_of(event.fact)) impl_->shot_moved(*ref, event, ledger);
}

void Metrics::journal_committed(Duration took) {
    impl_->families.journal_commit.Observe(in_seconds(took));
}

void Metrics::create_decided(Duration waited) {
    impl_->families.create_wait.Observe(in_seconds(waited));
}

void Metrics::loop_turned(Duration took) {
    impl_->families.loop_turn.Observe(in_seconds(took));
}

void Metrics::journal_stalled(bool on) {
    impl_->families.journal_stalled.Set(on ? 1 : 0);
}

void Metrics::storyboard_refused() {
    impl_->families.storyboards_refused.Increment();
}

void Metrics::command_ended(CommandEnd end) {
    impl_->families.commands.at(index_of(end))->Increment();
}

std::string Metrics::text(const Ledger& ledger, const LimiterWatch& limiter,
                          std::size_t batches_outside_hours, Instant now) {
    impl_->set_depth(ledger);
    impl_->set_account(ledger, now);
    Families& families = impl_->families;
    families.batches_outside_hours.Set(static_cast<double>(batches_outside_hours));
    families.limiter_idle.Increment(in_seconds(limiter.idled(now)) - families.limiter_idle.Value());
    std::ostringstream out;
    prometheus::TextSerializer{}.Serialize(out, families.registry.Collect());
    return std::move(out).str();
}

} // namespace reeld
