/// The program killed at moments that dice choose, again and again.
#pragma once

#include <cstdint>

namespace reeld::test {

struct RandomKills {
    int kills = 500; ///< At least so many in all, half of them of `run` and half of `serve`.
    int threads = 2;
    std::uint64_t seed = 1;
};

/// Kills `run` in the middle of one storyboard, and `serve` while storyboards are dropped into its folder;
/// starts them again until all is done. Prints how many kills it took, and what was created twice or lost.
/// True when nothing was. Moments depend on the machine: a seed makes a run alike, not equal.
[[nodiscard]] bool kill_at_random(const RandomKills& wanted);

} // namespace reeld::test
