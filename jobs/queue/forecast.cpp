#include "jobs/queue/forecast.h"

#include "jobs/queue/backoff.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <tuple>
#include <vector>

namespace reeld {

namespace {

using Seconds = double;

constexpr Seconds kNever = std::numeric_limits<Seconds>::infinity();

/// Enough that the outermost of them bound nineteen nights of twenty.
constexpr std::size_t kNights = 64;
constexpr std::size_t kCutOff = 1; ///< Of them, on each side.

/// Steps of one night at most: more shots than that are drawn several at a time.
constexpr std::size_t kStepsMax = 4'000;

/// Draws of a standard normal that the dice pick from: its quantiles at equal distances.
constexpr std::size_t kDraws = 1'024;

/// A belief that rests on few observations is off by more than a normal distribution says.
constexpr double kFewSeen = 2;

double in_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

/// Quantile of the standard normal, to three digits (the rational approximation of Hastings).
double normal_quantile(double chance) {
    const double tail = std::min(chance, 1 - chance);
    const double t = std::sqrt(-2 * std::log(tail));
    const double z =
        t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    return chance < 0.5 ? -z : z;
}

const std::array<double, kDraws>& normal_draws() {
    static const auto kTable = [] {
        std::array<double, kDraws> draws{};
        for (std::size_t i = 0; i < kDraws; ++i)
            draws.at(i) = normal_quantile((static_cast<double>(i) + 0.5) / kDraws);
        return draws;
    }();
    return kTable;
}

class Dice {
public:
    explicit Dice(std::uint64_t seed) : seed_(seed) {}
    double normal() { return normal_draws().at(spread(seed_ + ++throws_) % kDraws); }

private:
    std::uint64_t seed_;
    std::uint64_t throws_ = 0;
};

/// What is believed of a kind of predictions.
struct Kind {
    Seconds median = 0;
    double log_spread = 0; ///< Of single predictions.
    double doubt = 0;      ///< Of the median itself: standard deviation of its logarithm.
};

Kind kind_of(const DurationBelief& belief) {
    constexpr double kOneSigma = 0.841345;
    const double median = in_seconds(belief.median());
    const double log_spread = std::log(in_seconds(belief.quantile(kOneSigma)) / median);
    // What was never seen may be anything within its spread, all of it alike.
    if (belief.seen() == 0) return {.median = median, .log_spread = 0, .doubt = log_spread};
    const double seen = std::max(1.0, belief.seen() - kFewSeen);
    return {.median = median, .log_spread = log_spread, .doubt = log_spread / std::sqrt(seen)};
}

/// Some shots of one batch and kind, created one after the other.
struct Step {
    BatchKey batch = 0;
    std::size_t kind = 0;
    int shots = 1;
};

struct Running {
    BatchKey batch = 0;
    std::size_t kind = 0;
    Seconds age = 0;
};

/// When the account's tokens are there, in the order in which they are taken: who takes the first gives it
/// back behind the last.
class Tokens {
public:
    Tokens(std::size_t on_hand, std::size_t on_the_way, std::size_t capacity, Seconds window)
        : at_(on_hand, 0) {
        for (std::size_t i = 1; i <= on_the_way; ++i)
            at_.push_back(window * static_cast<double>(i) / static_cast<double>(capacity));
    }

    [[nodiscard]] bool empty() const { return at_.empty(); }
    [[nodiscard]] Seconds first() const { return at_[first_]; }
    void take_first(Seconds back_at) {
        at_[first_] = back_at;
        if (++first_ == at_.size()) first_ = 0;
    }

private:
    std::vector<Seconds> at_; ///< A ring.
    std::size_t first_ = 0;
};

/// Queued shots of one priority, by batch, in the order in which they are served: in turns.
using Level = std::map<BatchKey, std::vector<std::size_t>>;

class Plan {
public:
    Plan(const Ledger& ledger, const OpenHours& hours, Instant now)
        : ledger_(ledger), hours_(hours), now_(now) {
        slots_ = ledger.account().slots(now);
        window_ = in_seconds(ledger.tokens().limit().window);
        capacity_ = static_cast<std::size_t>(ledger.tokens().limit().capacity);
        tokens_ = static_cast<std::size_t>(ledger.tokens().available(now));
        const auto* suspension = ledger.account().suspension(now);
        begin_ = suspension == nullptr ? 0 : in_seconds(suspension->until - now);
        add_batches();
    }

    [[nodiscard]] std::map<BatchKey, Forecast> draw() const {
        std::map<BatchKey, std::vector<Seconds>> ends;
        for (std::uint64_t night = 0; night < kNights; ++night) {
            for (const auto& [batch, end] : one_night(Dice{night << 32})) ends[batch].push_back(end);
        }
        std::map<BatchKey, Forecast> forecasts;
        for (auto& [batch, drawn] : ends) {
            if (drawn.size() < kNights) continue; // Its known hours may not be enough.
            std::sort(drawn.begin(), drawn.end());
            forecasts[batch] = {.earliest = at(drawn.at(kCutOff)),
                                .latest = at(drawn.at(drawn.size() - 1 - kCutOff))};
        }
        return forecasts;
    }

private:
    [[nodiscard]] Instant at(Seconds end) const { return now_ + Duration{std::llround(end * 1e6)}; }

    void add_batches() {
        std::map<int, Level, std::greater<>> levels;
        std::size_t queued = 0;
        const bool all_paused = ledger_.paused().contains(kAllBatches);
        for (const auto& [key, batch] : ledger_.batches()) {
            if (batch.all_final()) continue;
            const bool paused = all_paused || ledger_.paused().contains(key);
            if (paused && batch.count(ShotState::queued) > 0) stuck_.insert(key);
            for (std::uint32_t i = 0; i < batch.shots.size() && !paused; ++i) {
                if (batch.shots[i].state != ShotState::queued) continue;
                levels[batch.shots[i].facts.priority][key].push_back(kind_index({key, i}));
                ++queued;
            }
        }
        for (const auto& [ref, active] : ledger_.active()) {
            if (ledger_.shot(ref).state == ShotState::held) continue;
            const Instant since = active.prediction.empty() ? active.intended_at : active.accepted_at;
            running_.push_back(
                {.batch = ref.batch, .kind = kind_index(ref), .age = in_seconds(now_ - since)});
        }
        const int at_once = static_cast<int>(queued / kStepsMax) + 1;
        for (const auto& [priority, level] : levels) add_level(level, at_once);
        std::ranges::stable_sort(steps_, {},
                                 [this](const Step& step) { return hours_.opens_at(step.batch, now_); });
    }

    /// One shot of each batch in turn, as the run order serves them.
    void add_level(const Level& level, int at_once) {
        std::map<BatchKey, std::size_t> served;
        bool more = true;
        while (more) {
            more = false;
            for (const auto& [batch, kinds] : level) {
                std::size_t& next = served[batch];
                Step step{.batch = batch, .kind = next < kinds.size() ? kinds[next] : 0, .shots = 0};
                while (next < kinds.size() && kinds[next] == step.kind && step.shots < at_once) {
                    ++next;
                    ++step.shots;
                }
                if (step.shots > 0) steps_.push_back(step);
                more = more || next < kinds.size();
            }
        }
    }

    std::size_t kind_index(ShotRef ref) {
        const auto& facts = ledger_.shot(ref).facts;
        const auto key = std::tuple{ref.batch, facts.model, facts.clip_seconds};
        const auto known = by_facts_.find(key);
        if (known != by_facts_.end()) return known->second;
        const auto kind = ledger_.duration_kind(ref);
        const auto [index, is_new] = by_kind_.try_emplace(kind, kinds_.size());
        if (is_new) kinds_.push_back(kind_of(ledger_.durations().belief(kind)));
        by_facts_.emplace(key, index->second);
        return index->second;
    }

    [[nodiscard]] std::map<BatchKey, Seconds> one_night(Dice dice) const {
        std::vector<Seconds> medians;
        medians.reserve(kinds_.size());
        for (const Kind& kind : kinds_) medians.push_back(kind.median * std::exp(kind.doubt * dice.normal()));
        std::map<BatchKey, Seconds> ends;
        std::set<BatchKey> never = stuck_;
        std::vector<Seconds> free_at = slots_left_by_running(medians, dice, ends);
        Tokens tokens(std::min(tokens_, steps_.size()), capacity_ - std::min(tokens_, capacity_), capacity_,
                      window_);
        for (const Step& step : steps_) {
            std::pop_heap(free_at.begin(), free_at.end(), std::greater<>{});
            const Seconds start = start_of(step, std::max(free_at.back(), begin_), tokens);
            if (start == kNever) {
                never.insert(step.batch);
                std::push_heap(free_at.begin(), free_at.end(), std::greater<>{});
                continue;
            }
            const double count = step.shots;
            const double log_spread = kinds_[step.kind].log_spread / std::sqrt(count);
            free_at.back() = start + count * medians[step.kind] * std::exp(log_spread * dice.normal());
            Seconds& end = ends[step.batch];
            end = std::max(end, free_at.back());
            std::push_heap(free_at.begin(), free_at.end(), std::greater<>{});
        }
        for (const BatchKey batch : never) ends.erase(batch);
        return ends;
    }

    [[nodiscard]] bool is_always_open(BatchKey batch) const {
        return hours_.is_open(batch, now_) && hours_.changes_at(batch, now_) == Instant::max();
    }

    /// The first time from `from` on within the hours of the batch.
    [[nodiscard]] Seconds open_from(BatchKey batch, Seconds from) const {
        const Instant opens = hours_.opens_at(batch, at(from));
        if (opens == Instant::max()) return kNever;
        return std::max(from, in_seconds(opens - now_));
    }

    /// When the step's first create can leave, and gives its tokens back a window later.
    [[nodiscard]] Seconds start_of(const Step& step, Seconds slot, Tokens& tokens) const {
        const bool has_hours = !is_always_open(step.batch);
        Seconds start = has_hours ? open_from(step.batch, slot) : slot;
        for (int i = 0; i < step.shots && !tokens.empty() && start != kNever; ++i) {
            start = std::max(start, tokens.first());
            if (has_hours) start = open_from(step.batch, start);
            if (start != kNever) tokens.take_first(start + window_);
        }
        return start;
    }

    /// A heap of when each slot is free, the earliest first; enters the ends of what runs into `ends`.
    [[nodiscard]] std::vector<Seconds> slots_left_by_running(const std::vector<Seconds>& medians, Dice& dice,
                                                             std::map<BatchKey, Seconds>& ends) const {
        std::vector<Seconds> free_at;
        for (const Running& it : running_) {
            const Seconds left = left_of(it, medians[it.kind], dice);
            Seconds& end = ends[it.batch];
            end = std::max(end, left);
            free_at.push_back(left);
        }
        while (free_at.size() < static_cast<std::size_t>(slots_)) free_at.push_back(0);
        std::make_heap(free_at.begin(), free_at.end(), std::greater<>{});
        // What runs beyond the limit (it was lowered) gives no slot back.
        while (free_at.size() > static_cast<std::size_t>(slots_)) {
            std::pop_heap(free_at.begin(), free_at.end(), std::greater<>{});
            free_at.pop_back();
        }
        return free_at;
    }

    [[nodiscard]] Seconds left_of(const Running& it, Seconds median, Dice& dice) const {
        constexpr int kTries = 8;
        for (int i = 0; i < kTries; ++i) {
            const Seconds takes = median * std::exp(kinds_[it.kind].log_spread * dice.normal());
            if (takes > it.age) return takes - it.age;
        }
        return median / 10; // What is late is expected to be about done.
    }

    const Ledger& ledger_;
    const OpenHours& hours_;
    Instant now_;
    int slots_ = 1;
    Seconds window_ = 0;
    std::size_t capacity_ = 1;
    std::size_t tokens_ = 0; ///< On hand now.
    Seconds begin_ = 0;      ///< No create before.
    std::vector<Kind> kinds_;
    std::map<Durations::Kind, std::size_t> by_kind_;
    std::map<std::tuple<BatchKey, std::uint16_t, std::uint16_t>, std::size_t> by_facts_;
    std::vector<Step> steps_;
    std::vector<Running> running_;
    std::set<BatchKey> stuck_; ///< Paused with shots queued: nobody knows.
};

} // namespace

std::map<BatchKey, Forecast> forecast(const Ledger& ledger, Instant now, const OpenHours& hours) {
    return Plan{ledger, hours, now}.draw();
}

} // namespace reeld
