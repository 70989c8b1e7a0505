/// Many nights, one after the other, and what they amounted to.
#pragma once

#include "tests/simulation/simulation.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace reeld::test {

/// To see that the nights were worth it: nights in which nothing happens prove nothing.
struct NightTally {
    std::uint64_t nights = 0;
    std::uint64_t failed = 0;
    std::uint64_t starts = 0;
    std::uint64_t creates = 0; ///< In the provider's books, other programs' included.
    Moment simulated{};
    DoubtTally doubts;
    DoubtTally doubts_with_list; ///< Those for which the list worked, see Audit.
    std::uint64_t doubts_beside_strangers = 0;
    std::vector<std::uint64_t> held_with_list; ///< Seeds of nights that held a doubt whose list works.
    std::array<std::uint64_t, kShotStates> shots{};
    std::array<std::uint64_t, kFaultClasses> faults{};
};

/// Lives the night of this seed through and adds it to the tally. Returns what was found broken, with the
/// command that runs that night again; empty when nothing was.
[[nodiscard]] std::string live_through(std::uint64_t seed, NightTally& tally);

/// The tally as a table for people.
[[nodiscard]] std::string table(const NightTally& tally);

} // namespace reeld::test
