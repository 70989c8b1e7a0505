/// A shot's name within the queue, and the states of its life.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace reeld {

/// The journal's number of an accepted batch, counted from 1 and never used again.
using BatchKey = std::uint32_t;

/// No batch's key: stands for all of them where a batch or all can be meant.
inline constexpr BatchKey kAllBatches = 0;

/// Priorities lie between minus this and this.
inline constexpr int kPriorityLimit = 100;

/// One shot: its batch and its position in the storyboard, counted from 0 after takes were expanded.
struct ShotRef {
    BatchKey batch = 0;
    std::uint32_t index = 0;

    friend auto operator<=>(const ShotRef&, const ShotRef&) = default;
};

/// A shot's life. The last three are final: no event changes them.
enum class ShotState : std::uint8_t {
    queued,    ///< Waits for its turn, a token and a slot, or for the end of a backoff.
    creating,  ///< Its create is intended and journalled; the answer is not known yet.
    rendering, ///< The provider has a prediction for it, which is polled.
    in_doubt, ///< The answer to its create was lost: perhaps billed. It is looked for in the provider's list.
    held,     ///< That did not settle it: waits for a person, and is never sent again by itself.
    succeeded,
    failed,
    cancelled,
};

inline constexpr std::size_t kShotStates = 8;

[[nodiscard]] constexpr bool is_final(ShotState state) {
    return state >= ShotState::succeeded;
}

/// The word users see for a state: "queued", "creating", …
[[nodiscard]] std::string_view to_word(ShotState state);

} // namespace reeld
