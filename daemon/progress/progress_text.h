/// What a run looks like on a terminal: text out of numbers, nothing else.
#pragma once

#include "jobs/queue/shot.h"
#include "jobs/queue/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reeld {

/// A shot that is being worked on.
struct ActiveLine {
    std::string name; ///< "sunrise", or "harbor-teaser/sunrise" when several batches run.
    ShotState state = ShotState::creating; ///< creating, rendering or held.
    int attempt = 1;
    Duration age{};                   ///< In this state.
    std::optional<Duration> expected; ///< How long it usually takes, when known.
};

/// A run at one instant.
struct ProgressView {
    std::vector<ActiveLine> active;
    std::uint32_t succeeded = 0;
    std::uint32_t failed = 0; ///< With cancelled ones.
    std::uint32_t held = 0;
    std::uint32_t total = 0;
    int slots_taken = 0;
    int slots = 0;
    int tokens = 0; ///< Creates left in the window.
    int tokens_max = 0;
    Duration elapsed{};
    std::optional<Duration> remaining;
    std::string waiting; ///< Why nothing is created just now, when that needs saying.
};

struct TextStyle {
    std::size_t columns = 80; ///< Lines are cut there, so that the terminal never wraps one.
    std::size_t rows = 24;    ///< The whole display stays below this.
    bool colour = false;
};

/// One line per active shot, then the bar, then the numbers.
[[nodiscard]] std::vector<std::string> progress_lines(const ProgressView& view, const TextStyle& style);

/// "42 s", "12:04", "1:02:03"
[[nodiscard]] std::string short_time(Duration duration);

} // namespace reeld
