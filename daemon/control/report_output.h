/// The evidence of a batch: every create that was sent for it, and what became of it.
///
/// Made shot by shot, since a batch of 100,000 has as many queries to make: the daemon makes some in a turn.
/// Pure text out of what is added; batch_report.h reads the journal. Threading: none.
#pragma once

#include "daemon/control/json_output.h"
#include "jobs/manifest/attempts.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace reeld {

struct ShotReport {
    std::string id;
    std::string model;
    std::string state; ///< The word of ShotState.
    std::vector<Attempt> attempts;
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

enum class ReportForm : std::uint8_t { text, json };

class ReportText {
public:
    /// `folder`: of the batch, for its reader.
    ReportText(ReportForm form, std::string batch, std::string folder);

    /// The next shot, in storyboard order.
    void add(const ShotReport& shot);

    /// For a person: the totals, then a line an attempt. For programs, one object: `{"batch", "folder",
    /// "totals": {…}, "shots": [{"shot", "model", "state", "attempts": [ATTEMPT]}]}`.
    [[nodiscard]] std::string whole() const;

private:
    ReportForm form_;
    std::string batch_;
    std::string folder_;
    std::size_t shots_ = 0;
    ReportTotals totals_;
    std::string body_; ///< What stands for the shots so far.
};

/// `{"batches": […]}` around what ReportText made of each.
[[nodiscard]] std::string report_json(std::span<const std::string> batches);

/// Writes the object ATTEMPT: `{"number", "request_id", "sent_at", "outcome", "answered_at", "http_status",
/// "words", "settled_at", "settled_by", "held_because", "prediction_id", "end", "ended_at", "end_words",
/// "cost"}`.
void add_attempt(Json& json, const Attempt& attempt);

} // namespace reeld
