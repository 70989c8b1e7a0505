/// What a client did to the provider, for the person or the test that judges it.
#pragma once

#include "daemon/sandbox/misbehaviour.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace reeld::sandbox {

/// Counts are of this process. `predictions`, `identical_inputs` and `most_creates_in_window` go over those
/// of a state file as well, since paying twice across a restart is what they are there to show.
struct Report {
    std::uint64_t creates_arrived = 0;            ///< Requests that meant to create, whatever became of them.
    std::uint64_t creates_accepted = 0;           ///< Predictions created, also where the answer was spoiled.
    std::map<std::string, std::uint64_t> refused; ///< Creates that made no prediction, by reason.
    std::map<std::string, std::uint64_t> misbehaved; ///< Misbehaviours that happened, by name.
    std::uint64_t predictions = 0;                   ///< The client's.
    std::uint64_t creates_pending = 0;               ///< Late creates whose prediction is still to come.
    std::uint64_t foreign = 0; ///< Another program's predictions, which count nowhere else but in `polls`.
    std::uint64_t most_creates_in_window = 0; ///< In any window of length `per`.
    std::uint64_t most_in_flight = 0;
    std::vector<std::vector<std::string>> identical_inputs; ///< Ids of predictions of the same wish.
    std::uint64_t polls = 0;                                ///< All, also of unknown predictions.
    double polls_per_prediction_mean = 0;
    std::uint64_t polls_per_prediction_max = 0;
    std::uint64_t cancels = 0;
    std::uint64_t lists = 0;
    std::uint64_t webhooks = 0;           ///< That were posted, each attempt and each forgery counted.
    std::uint64_t webhooks_accepted = 0;  ///< True ones that were answered with 2xx.
    std::uint64_t forgeries_accepted = 0; ///< Forged ones that were.
    std::uint64_t ends_unobserved = 0;    ///< Predictions of this process whose end no poll has carried yet.

    /// From the arrival of the first create to the poll that carried the last end; empty before any end.
    std::optional<double> makespan_s;
    /// The same predictions in the same order under the same limits without any delay; empty without any.
    std::optional<double> ideal_makespan_s;
    /// Empty while an end is unobserved: the run is not over, or the client has lost a prediction.
    std::optional<double> makespan_over_ideal;
};

/// One JSON object with the names above; what is empty is null.
[[nodiscard]] std::string to_json(const Report& report);

/// Some lines for a terminal.
[[nodiscard]] std::string to_text(const Report& report);

} // namespace reeld::sandbox
