/// The lines and documents of a manifest, out of a shot's events.
///
/// Absent facts are left out; times are RFC 3339 UTC with milliseconds. Keys stand in the order of the documentation. Pure text: no
/// file is touched here.
#pragma once

#include "jobs/queue/event.h"
#include "jobs/storyboard/storyboard.h"

#include <optional>
#include <span>
#include <string>

namespace reeld {

/// A finished shot, as both files of a manifest show it.
struct ManifestShot {
    std::string batch;
    std::uint32_t index = 0; ///< From 0, in storyboard order.
    StoryboardShot shot;
    ShotState state = ShotState::queued; ///< Final.
    int attempts = 0;                    ///< Creates charged to the shot.
    std::string prediction;              ///< Of the last attempt that had one; may be empty.
    Rendered rendered;                   ///< When succeeded.
    std::optional<ProviderError> error;  ///< When failed or cancelled and something was said.
    std::optional<double> predict_time_s;
    std::optional<double> cost_usd;     ///< Summed over the attempts whose cost is known.
    std::optional<WallTime> created_at; ///< When the last prediction was accepted.
    std::optional<WallTime> finished_at;
};

/// Folds a shot's events, oldest first. Precondition: their last state is final.
[[nodiscard]] ManifestShot fold_shot(const std::string& batch, std::uint32_t index, StoryboardShot shot,
                                     std::span<const Event> events);

/// One JSON object on one line, without a newline.
[[nodiscard]] std::string manifest_line(const ManifestShot& shot);

struct ManifestCounts {
    std::uint32_t total = 0;
    std::uint32_t succeeded = 0;
    std::uint32_t failed = 0;
    std::uint32_t cancelled = 0;
};

/// "succeeded" (all), "partial" (some), "cancelled" (all cancelled), "failed" (none succeeded).
[[nodiscard]] std::string_view batch_status(const ManifestCounts& counts);

struct ManifestHead {
    std::string batch;
    std::string storyboard; ///< The storyboard's own name.
    std::string sha256;
    ManifestCounts counts;
    WallTime accepted_at;
    WallTime finished_at;
};

/// manifest.json is head, shots, tail: manifest_head() + lines joined by ",\n" + manifest_tail() is one JSON document, so that a
/// large one can be written in steps.
[[nodiscard]] std::string manifest_head(const ManifestHead& head);
[[nodiscard]] std::string manifest_tail();

/// "2026-11-23T01:02:03.004Z"
[[nodiscard]] std::string rfc3339(WallTime time);

} // namespace reeld
