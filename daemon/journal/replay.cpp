#include "daemon/journal/replay.h"

#include <cstddef>
#include <unordered_map>

#include <fmt/format.h>

namespace reeld {

namespace {

/// What the events read so far allow the next one to be.
class Plausibility {
public:
    /// Why the event cannot follow, in words; empty when it can.
    [[nodiscard]] std::string check(const Event& event) {
        if (event.stamp.at < last_at_) return "it is older than the one before it";
        last_at_ = event.stamp.at;
        if (const auto* it = std::get_if<event::BatchAccepted>(&event.fact)) return check_new(it->batch);
        if (const auto* it = std::get_if<event::ManifestWritten>(&event.fact))
            return check_known(it->batch, 0);
        if (const auto* it = std::get_if<event::Reprioritised>(&event.fact)) return check_known(it->batch, 0);
        if (const auto* it = std::get_if<event::HoursSet>(&event.fact)) return check_known(it->batch, 0);
        if (const auto* it = std::get_if<event::Paused>(&event.fact)) return check_known_or_all(it->batch);
        if (const auto* it = std::get_if<event::Resumed>(&event.fact)) return check_known_or_all(it->batch);
        if (const ShotRef* ref = shot_of(event.fact)) return check_known(ref->batch, ref->index);
        return {};
    }

private:
    std::string check_new(const BatchFacts& batch) {
        const bool is_new = shot_counts_.emplace(batch.key, batch.shots.size()).second;
        return is_new ? "" : fmt::format("batch {} was accepted before", batch.key);
    }

    [[nodiscard]] std::string check_known_or_all(BatchKey batch) const {
        return batch == kAllBatches ? "" : check_known(batch, 0);
    }

    [[nodiscard]] std::string check_known(BatchKey batch, std::size_t index) const {
        const auto known = shot_counts_.find(batch);
        if (known == shot_counts_.end()) return fmt::format("batch {} was not accepted before", batch);
        if (index >= known->second) return fmt::format("batch {} has no shot {}", batch, index);
        return {};
    }

    Instant last_at_ = Instant::min();
    std::unordered_map<BatchKey, std::size_t> shot_counts_;
};

} // namespace

void replay_events(EventTable& events, BatchTable& batches, const std::function<void(const Event&)>& apply) {
    Plausibility plausibility;
    events.each([&](std::int64_t seq, Event&& event) {
        if (auto* it = std::get_if<event::BatchAccepted>(&event.fact))
            it->batch = batches.facts(it->batch.key);
        const std::string fault = plausibility.check(event);
        if (!fault.empty()) {
            throw damaged(fmt::format("event {} ({}) is damaged: {}", seq, kind_name(event.fact), fault));
        }
        apply(event);
    });
}

} // namespace reeld
