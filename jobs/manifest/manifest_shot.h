/// A finished shot as a manifest shows it, and how it comes out of the shot's events.
///
/// Not the text: that is manifest_text.h. Not the queue either: nothing is decided here. The ledger says
/// that a shot is final; this says what happened on the way. Pure values, usable from any thread.
#pragma once

#include "jobs/queue/event.h"
#include "jobs/storyboard/storyboard.h"

#include <optional>
#include <span>
#include <string>

namespace reeld {

/// A finished shot, as both files of a manifest show it.
struct ManifestShot {
    std::string batch;       ///< The batch's name, not the storyboard's.
    std::uint32_t index = 0; ///< From 0, in storyboard order; the same number as ShotRef::index.
    StoryboardShot shot;
    ShotState state = ShotState::queued;  ///< Final, once folded.
    int attempts = 0;                     ///< Creates charged to the shot; 0 when none was.
    std::string prediction;               ///< Of the last attempt that had one; may be empty.
    Rendered rendered;                    ///< When succeeded.
    std::optional<ProviderError> error;   ///< When failed or cancelled and something was said.
    std::optional<double> predict_time_s; ///< Of `prediction`, as the provider reports it.
    std::optional<double> cost_usd;       ///< Summed over the attempts whose cost is known.
    std::optional<WallTime> created_at;   ///< When `prediction` was accepted, or found.
    std::optional<WallTime> finished_at;  ///< When the shot's end became known.
};

/// Folds a shot's events, oldest first. Precondition: the ledger calls the shot final after them.
///
/// - An attempt has one end, the first that is told; a later one (a cancel that raced a success) changes
///   nothing.
/// - A failed prediction ends the shot only when no other attempt follows it.
/// - A lost create ends the shot when it was dismissed without a retry; its error is then what the create
/// brought.
/// - A create that was not sent, or was refused for the account's sake (too fast, too many running, key,
///   balance), is not counted: the next attempt repeats its number.
[[nodiscard]] ManifestShot fold_shot(const std::string& batch, std::uint32_t index, StoryboardShot shot,
                                     std::span<const Event> events);

} // namespace reeld
