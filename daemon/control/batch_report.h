/// A batch's report, read out of the journal in steps.
///
/// Threading: the loop's, or a command's of its own; may throw JournalError. Borrows journal and ledger.
#pragma once

#include "daemon/control/report_output.h"
#include "daemon/journal/journal.h"
#include "jobs/queue/ledger.h"

namespace reeld {

class BatchReport {
public:
    /// The batch was accepted.
    BatchReport(ReportForm form, const Journal& journal, const Ledger& ledger, BatchKey batch);

    /// Reads up to `shots_max` more shots, at some fifty microseconds each. Returns whether any are left.
    [[nodiscard]] bool add_some(std::uint32_t shots_max);

    /// See ReportText::whole(). Precondition: none are left.
    [[nodiscard]] std::string whole() const { return text_.whole(); }

private:
    const Journal& journal_;
    const Ledger& ledger_;
    BatchKey batch_;
    std::uint32_t next_ = 0;
    ReportText text_;
};

} // namespace reeld
