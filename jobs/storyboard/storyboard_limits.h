/// The limits on one storyboard. What a user may want to change has a name in the configuration
/// (`storyboard:`); the others keep a hostile file within the reader's memory.
#pragma once

#include <cstdint>

namespace reeld {

struct StoryboardLimits {
    /// The file, and everything its aliases expand to. `storyboard.bytes`.
    std::uint64_t bytes_max = std::uint64_t{64} << 20;
    /// Shots in the end, each take counted. `storyboard.shots`.
    std::uint32_t shots_max = 100'000;
    /// Lists and mappings within each other, the file's own mapping counted. `storyboard.nesting`.
    std::uint32_t nesting_max = 64;

    /// Takes of one shot. Each costs as much as a shot, so a slip of the finger must not order thousands.
    std::uint32_t takes_max = 100;
    /// Faults that are reported one by one.
    std::uint32_t faults_max = 1'000;
    /// Different models in one storyboard.
    std::uint32_t models_max = 256;
    /// One shot's input as JSON.
    std::uint64_t input_bytes_max = std::uint64_t{1} << 20;
    /// All inputs together: defaults repeat in every shot, so they can be many times the file.
    std::uint64_t inputs_bytes_max = std::uint64_t{256} << 20;
    /// A shot's note, and each of its tags, in bytes.
    std::uint32_t note_bytes_max = 4'096;
    std::uint32_t tag_bytes_max = 256;
    std::uint32_t tags_max = 64;

    /// Values in the file, with aliases expanded: what `shots_max` shots could need, and some more.
    [[nodiscard]] std::uint64_t values_max() const { return 10'000 + std::uint64_t{50} * shots_max; }
};

} // namespace reeld
