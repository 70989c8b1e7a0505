/// The evidence of a batch: every create that was sent for it, and what became of it.
#pragma once

#include "jobs/manifest/attempts.h"

#include <string>
#include <vector>

namespace reeld {

struct ShotReport {
    std::string id;
    std::string model;
    std::string state; ///< The word of ShotState.
    std::vector<Attempt> attempts;
};

struct BatchReport {
    std::string batch;
    std::string folder;
    std::vector<ShotReport> shots; ///< In storyboard order.
};

/// Sums over a batch's attempts.
struct ReportTotals {
    int creates = 0; ///< That were sent, as far as is known: all but those that did not leave this machine.
    int accepted = 0;
    int adopted = 0;
    int refused = 0;
    int dismissed = 0;
    int open = 0; ///< Held, in doubt or unanswered.
    double cost_usd = 0;
    int without_cost = 0; ///< Predictions that ended and whose cost the provider did not name.
};
[[nodiscard]] ReportTotals totals_of(const BatchReport& report);

/// For a person: the totals, then a line an attempt.
[[nodiscard]] std::string report_text(const BatchReport& report);

/// `{"batches": [{"batch", "folder", "totals": {…}, "shots": [{"shot", "model", "state", "attempts":
/// [{"number", "request_id", "sent_at", "outcome", "answered_at", "http_status", "words", "settled_at",
/// "settled_by", "held_because", "prediction_id", "end", "ended_at", "end_words", "cost"}]}]}]}`; absent
/// facts are left out.
[[nodiscard]] std::string report_json(const std::vector<BatchReport>& reports);

} // namespace reeld
