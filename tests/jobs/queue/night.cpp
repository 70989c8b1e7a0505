#include "tests/jobs/queue/night.h"

#include "jobs/queue/forecast.h"
#include "tests/jobs/queue/dice.h"
#include "tests/jobs/queue/driven_queue.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <queue>
#include <variant>

namespace reeld::test {

namespace {

std::vector<Duration> durations_of(const NightPlan& plan, std::uint64_t seed) {
    Dice dice{seed};
    std::vector<Duration> durations;
    for (int i = 0; i < plan.shots; ++i) {
        const double seconds = plan.median_s * std::exp(plan.spread * dice.normal());
        durations.emplace_back(std::llround(seconds * 1e6));
    }
    return durations;
}

/// Every shot starts, in order, the moment a slot is free.
Duration ideal_makespan(const std::vector<Duration>& durations, int slots) {
    std::priority_queue<Duration, std::vector<Duration>, std::greater<>> free_at;
    for (int i = 0; i < slots; ++i) free_at.push(Duration::zero());
    Duration last{};
    for (const Duration duration : durations) {
        const Duration end = free_at.top() + duration;
        free_at.pop();
        free_at.push(end);
        last = std::max(last, end);
    }
    return last;
}

/// One night under way.
class Night {
public:
    Night(const NightPlan& plan, std::uint64_t seed)
        : plan_(plan), durations_(durations_of(plan, seed)),
          queue_({.creates = {.capacity = 100'000, .window = 60s},
                  .slots = plan.slots,
                  .attempts = 3,
                  .backoff = {},
                  .give_up = plan.polling.give_up,
                  .typical = {{"model", plan.typical}}},
                 {.polling = plan.polling, .polls_at_once = 128, .dice = seed, .only_allowed = false}) {
        queue_.webhooks = plan.webhooks > 0;
        queue_.accept(1, shots(durations_.size()));
    }

    NightResult render() {
        const Instant start = queue_.now;
        while (queue_.ledger().batch(1).all_final() == false) {
            for (const auto& action : queue_.take_all()) perform(action);
            advance();
            ask_when();
        }
        const double makespan = seconds(last_end_seen_ - start);
        const auto count = static_cast<double>(durations_.size());
        double total = 0;
        for (const Duration duration : durations_) total += seconds(duration);
        return {.stretch = makespan / seconds(ideal_makespan(durations_, plan_.slots)),
                .polls_per_shot = polls_ / count,
                .end_was_forecast =
                    last_end_seen_ >= forecast_.earliest && last_end_seen_ <= forecast_.latest,
                .forecast_width =
                    seconds(forecast_.latest - forecast_.earliest) / seconds(last_end_seen_ - asked_at_),
                .lag_share = lag_s_ / total};
    }

private:
    static double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

    void perform(const Action& action) {
        if (const auto* create = std::get_if<action::Create>(&action)) {
            ends_at_[create->shot] = queue_.now + plan_.answer / 2 + durations_.at(create->shot.index);
            answers_.emplace(queue_.now + plan_.answer, action);
            const bool arrives =
                static_cast<int>(create->shot.index) >= plan_.webhooks_from && dice_.chance(plan_.webhooks);
            if (arrives) webhooks_.emplace(ends_at_[create->shot] + plan_.webhook_takes, create->shot);
        } else if (std::holds_alternative<action::Poll>(action)) {
            ++polls_;
            answers_.emplace(queue_.now + plan_.answer, action);
        }
    }

    void ask_when() {
        const auto& batch = queue_.ledger().batch(1);
        if (asked_at_ != Instant{} || batch.final_count() * 4 < batch.shots.size()) return;
        asked_at_ = queue_.now;
        forecast_ = forecast(queue_.ledger(), queue_.now).at(1);
    }

    /// To the next answer or the instant at which the queue has something to do, whichever comes first.
    void advance() {
        const Instant wake = queue_.idle_until();
        const Instant answered = answers_.empty() ? Instant::max() : answers_.begin()->first;
        if (!webhooks_.empty() && webhooks_.begin()->first < std::min(wake, answered)) {
            queue_.now = webhooks_.begin()->first;
            const ShotRef shot = webhooks_.extract(webhooks_.begin()).mapped();
            if (queue_.state(shot) == ShotState::rendering) queue_.called(shot);
        } else if (!answers_.empty() && answers_.begin()->first <= wake) {
            queue_.now = answers_.begin()->first;
            const Action asked = answers_.extract(answers_.begin()).mapped();
            answer(asked);
        } else {
            queue_.now = wake;
        }
    }

    void answer(const Action& asked) {
        if (const auto* create = std::get_if<action::Create>(&asked)) return queue_.accepted(create->shot);
        const ShotRef shot = std::get<action::Poll>(asked).shot;
        if (ends_at_.at(shot) > queue_.now - plan_.answer / 2) {
            return queue_.record(event::PollPending{.shot = shot, .status = "processing"});
        }
        lag_s_ += seconds(queue_.now - ends_at_.at(shot));
        last_end_seen_ = queue_.now;
        queue_.succeeded(shot);
    }

    NightPlan plan_;
    std::vector<Duration> durations_;
    DrivenQueue queue_;
    Dice dice_{1};
    std::multimap<Instant, Action> answers_;
    std::multimap<Instant, ShotRef> webhooks_;
    std::map<ShotRef, Instant> ends_at_;
    double polls_ = 0;
    double lag_s_ = 0;
    Instant last_end_seen_{};
    Instant asked_at_{};
    Forecast forecast_;
};

} // namespace

NightResult render_night(const NightPlan& plan, std::uint64_t seed) {
    return Night{plan, seed}.render();
}

} // namespace reeld::test
