#include "daemon/metrics/families.h"

#include <span>

namespace reeld {

namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;

constexpr std::array<std::string_view, kCreateResults> kCreateWords = {
    "invalid_input", "unknown_model", "key_rejected", "no_balance", "too_many_running",
    "too_fast",      "accepted",      "lost",         "not_sent"};
constexpr std::array<std::string_view, 3> kPollWords = {"pending", "ended", "failed"};
constexpr std::array<std::string_view, 3> kLookWords = {"complete", "incomplete", "failed"};
constexpr std::array<std::string_view, kEndResults> kEndWords = {"succeeded", "failed", "cancelled"};
constexpr std::array<std::string_view, 3> kDoubtWords = {"adopted", "dismissed", "abandoned"};
constexpr std::array<std::string_view, kSettledBy> kSettledWords = {"list", "rule", "person", "webhook"};
constexpr std::array<std::string_view, kCommandEnds> kCommandWords = {"succeeded", "failed", "timed_out",
                                                                      "not_started", "dropped"};
constexpr std::array<std::string_view, kShotStates> kShotWords = {
    "queued", "creating", "rendering", "in_doubt", "held", "succeeded", "failed", "cancelled"};
constexpr std::array<std::string_view, kSuspensionReasons> kSuspensionWords = {
    "key_rejected", "no_balance", "too_many_running", "too_fast", "unreachable", "answers_lost"};

// Bounds in seconds. A create follows what allows it within a millisecond, and counts as idle above 50 ms; a
// sync takes a few milliseconds on a good disk; a render takes minutes.
const Histogram::BucketBoundaries kQuick = {0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                            0.025,  0.05,   0.1,   0.25,   1,     5};
const Histogram::BucketBoundaries kRender = {5,   10,  20,  30,  45,  60,  90,   120,
                                             180, 240, 300, 450, 600, 900, 1800, 3600};

template <class Metric, class Builder>
Family<Metric>& make(Registry& registry, Builder builder, const char* name, const char* help) {
    return builder.Name(name).Help(help).Register(registry);
}
Family<Counter>& counters(Registry& registry, const char* name, const char* help) {
    return make<Counter>(registry, prometheus::BuildCounter(), name, help);
}
Family<Gauge>& gauges(Registry& registry, const char* name, const char* help) {
    return make<Gauge>(registry, prometheus::BuildGauge(), name, help);
}
Family<Histogram>& histograms(Registry& registry, const char* name, const char* help) {
    return make<Histogram>(registry, prometheus::BuildHistogram(), name, help);
}

Counter& counter(Registry& registry, const char* name, const char* help) {
    return counters(registry, name, help).Add({});
}
Gauge& gauge(Registry& registry, const char* name, const char* help) {
    return gauges(registry, name, help).Add({});
}
Histogram& histogram(Registry& registry, const char* name, const char* help) {
    return histograms(registry, name, help).Add({}, kQuick);
}

/// One series for each word, in their order.
template <class Metric, std::size_t count>
std::array<Metric*, count> each(Family<Metric>& family, const char* label,
                                const std::array<std::string_view, count>& words) {
    std::array<Metric*, count> series{};
    for (std::size_t i = 0; i < count; ++i) series.at(i) = &family.Add({{label, std::string(words.at(i))}});
    return series;
}

double seconds_of(WallTime time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

} // namespace

// Members are made in the order in which they stand in the header; the text has that order by kind.
Families::Families(const Metrics::Options& options)
    : creates(each(
          counters(registry, "reeld_creates_total",
                   "Creates by what became of them: accepted, lost (in doubt), not_sent, or why refused."),
          "result", kCreateWords)),
      polls(each(counters(registry, "reeld_polls_total",
                          "Polls of predictions: still pending, ended, or failed to tell."),
                 "result", kPollWords)),
      looks(each(counters(registry, "reeld_list_looks_total",
                          "Looks at the provider's list of executions, for creates in doubt."),
                 "result", kLookWords)),
      doubts(counter(registry, "reeld_doubts_total",
                     "Creates whose answer was lost: perhaps billed, and looked for before anything else.")),
      doubts_held(counter(registry, "reeld_doubts_held_total",
                          "Doubts that nobody but a person can end: the shot is held.")),
      storyboards_refused(counter(registry, "reeld_storyboards_refused_total",
                                  "Files of the watch folder that were refused, duplicates included.")),
      webhooks(counter(registry, "reeld_webhooks_total",
                       "Webhooks that named a prediction of ours; each brings about a poll of it.")),
      oldest_batch(gauge(
          registry, "reeld_oldest_batch_accepted_timestamp_seconds",
          "When the oldest unfinished batch was accepted, in seconds since 1970; 0 when there is none.")),
      batches_outside_hours(
          gauge(registry, "reeld_batches_outside_hours", "Unfinished batches whose hours are not now.")),
      slots(gauge(registry, "reeld_slots", "Predictions at once that the configuration allows.")),
      slots_allowed(gauge(registry, "reeld_slots_allowed",
                          "Predictions at once that the provider seems to allow just now.")),
      slots_in_use(gauge(registry, "reeld_slots_in_use",
                         "Slots that are taken, by predictions and by creates whose answer is not known.")),
      tokens(gauge(registry, "reeld_tokens",
                   "Creates in any window of limits.per that the configuration allows.")),
      tokens_in_use(gauge(registry, "reeld_tokens_in_use", "Tokens that are taken and not back yet.")),
      paused(gauge(registry, "reeld_paused", "1 while a person has paused all creates.")),
      journal_stalled(gauge(registry, "reeld_journal_stalled",
                            "1 while the journal cannot be written, and nothing is sent.")),
      limiter_idle(counter(registry, "reeld_limiter_idle_seconds_total",
                           "Time during which a shot, a token and a slot were free and nothing was created, "
                           "waits of 50 ms and less left out. Stays 0.")),
      create_wait(histogram(registry, "reeld_create_wait_seconds",
                            "From when a create was possible until it was decided.")),
      journal_commit(histogram(registry, "reeld_journal_commit_duration_seconds",
                               "Commits of the journal, their sync included. The loop stands meanwhile.")),
      loop_turn(histogram(registry, "reeld_loop_turn_duration_seconds", "Turns of the loop, without sleep.")),
      predictions_(counters(registry, "reeld_predictions_total", "Predictions by model and how they ended.")),
      durations_(histograms(registry, "reeld_prediction_duration_seconds",
                            "From a prediction's acceptance until its end was seen, where both were.")),
      cost_(
          counters(registry, "reeld_cost_dollars_total", "What predictions cost, by the provider's word.")) {
    suspended = each(
        gauges(registry, "reeld_suspended",
               "1 for the reason why no create is sent just now; of several, the one that lasts longest."),
        "reason", kSuspensionWords);
    add_ends();
    add_depth();
    gauges(registry, "reeld_build_info", "1; its label tells the version that runs.")
        .Add({{"version", options.version}})
        .Set(1);
    gauge(registry, "process_start_time_seconds", "When reeld started, in seconds since 1970.")
        .Set(seconds_of(options.started_at));
}

/// What ends, each by how.
void Families::add_ends() {
    batches_finished =
        each(counters(registry, "reeld_batches_finished_total", "Batches whose manifest was written."),
             "status", kBatchStatuses);
    commands = each(counters(registry, "reeld_batch_end_commands_total",
                             "Programs that the ends of batches were to start (on_batch_end)."),
                    "result", kCommandWords);
    auto& doubt_ends =
        counters(registry, "reeld_doubts_ended_total",
                 "Doubts that ended: the prediction was adopted, there is none or it is tried again "
                 "(dismissed), or a person cancelled the shot (abandoned); and who ended them.");
    for (std::size_t end = 0; end < kDoubtWords.size(); ++end)
        for (std::size_t by = 0; by < kSettledBy; ++by)
            doubts_ended.at(end).at(by) = &doubt_ends.Add(
                {{"outcome", std::string(kDoubtWords.at(end))}, {"by", std::string(kSettledWords.at(by))}});
    auto& ends = counters(registry, "reeld_shots_ended_total", "Shots that became final, by how.");
    for (std::size_t state = 0; state < kShotStates; ++state)
        if (is_final(static_cast<ShotState>(state)))
            shots_ended.at(state) = &ends.Add({{"state", std::string(kShotWords.at(state))}});
}

void Families::add_depth() {
    auto& by_state = gauges(registry, "reeld_batches", "Unfinished batches by state.");
    auto& depth =
        gauges(registry, "reeld_shots", "Shots of unfinished batches, by their state and their batch's.");
    for (std::size_t batch = 0; batch < kBatchStates; ++batch) {
        const auto state = static_cast<BatchState>(batch);
        if (state == BatchState::finished) continue;
        const std::string word(to_word(state));
        batches.at(batch) = &by_state.Add({{"state", word}});
        for (std::size_t shot = 0; shot < kShotStates; ++shot)
            shots.at(batch).at(shot) =
                &depth.Add({{"batch_state", word}, {"state", std::string(kShotWords.at(shot))}});
    }
}

ModelSeries Families::add_model(const std::string& label) {
    ModelSeries series;
    for (std::size_t end = 0; end < kEndResults; ++end) {
        const prometheus::Labels labels = {{"model", label}, {"end", std::string(kEndWords.at(end))}};
        series.predictions.at(end) = &predictions_.Add(labels);
        series.durations.at(end) = &durations_.Add(labels, kRender);
    }
    series.cost = &cost_.Add({{"model", label}});
    return series;
}

} // namespace reeld
