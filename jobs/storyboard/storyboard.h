/// A storyboard that was read and found good: typed, expanded, ready to be accepted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace reeld {

/// One shot as it will be created. Each take is a shot of its own.
struct StoryboardShot {
    std::string id;                 ///< Unique in its storyboard: "sunrise", "shot-4", "captain.2".
    std::string model;              ///< The model's slug.
    std::int16_t priority = 0;      ///< -100 … 100; the shot's own, else the storyboard's.
    std::uint16_t clip_seconds = 0; ///< The clip length asked for, 0 when unknown.
    std::string input;              ///< The `input` object, as the JSON text that will be sent.
    std::string note;               ///< The user's own; may be empty.
    std::vector<std::string> tags;  ///< The user's own; may be empty.

    friend bool operator==(const StoryboardShot&, const StoryboardShot&) = default;
};

struct Storyboard {
    std::string name; ///< 1–64 of letters, digits, `.`, `_`, `-`, not starting with a dot.
    std::int16_t priority = 0;
    std::string hours; ///< In which its creates may start (jobs/text/hours.h); empty: it does not say.
    std::vector<StoryboardShot> shots; ///< In the file's order, takes expanded; never empty.

    friend bool operator==(const Storyboard&, const Storyboard&) = default;
};

} // namespace reeld
