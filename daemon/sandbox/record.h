/// The lines of a state file: one JSON object for each creation and each cancellation.
///
/// Instants of the monotonic clock mean nothing to another process, so lines carry the calendar's time, and
/// the reader puts them back onto its own clock.
#pragma once

#include "daemon/sandbox/models.h"
#include "daemon/sandbox/prediction.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace reeld::sandbox {

struct Cancellation {
    std::string prediction;
    Instant at;
};

/// Without a line feed at the end, like the next one.
[[nodiscard]] std::string record_of_creation(const Prediction& prediction, std::string_view model);
[[nodiscard]] std::string record_of_cancellation(const Prediction& prediction, Stamp now);

/// A line read back; a string says, for a person, what is wrong with it. `now` relates the two clocks.
[[nodiscard]] std::variant<Prediction, Cancellation, std::string>
read_record(std::string_view line, const std::vector<Model>& models, Stamp now);

} // namespace reeld::sandbox
