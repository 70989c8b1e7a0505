/// The spans of time in which a batch's creates may start.
///
/// Known to the ledger as instants, for some days ahead; whoever reads clocks and time zones says them anew
/// before they run out, and when a clock was set (daemon/app/hours.h). Pure values.
#pragma once

#include "jobs/queue/shot.h"
#include "jobs/queue/time.h"

#include <map>
#include <optional>
#include <vector>

namespace reeld {

/// From `from` on, and before `until`.
struct OpenSpan {
    Instant from{};
    Instant until{};

    friend bool operator==(const OpenSpan&, const OpenSpan&) = default;
};

/// In order, apart from each other.
using OpenSpans = std::vector<OpenSpan>;

/// The hours of the batches that have some; the others are always open.
class OpenHours {
public:
    /// In the place of what was said before; nothing: always open.
    void set(BatchKey batch, std::optional<OpenSpans> spans);

    /// The first instant from `at` on at which the batch is open: `at` itself when it is; Instant::max() when
    /// none is known.
    [[nodiscard]] Instant opens_at(BatchKey batch, Instant at) const;
    [[nodiscard]] bool is_open(BatchKey batch, Instant at) const { return opens_at(batch, at) == at; }

    /// The first instant after `at` at which the batch opens or closes; Instant::max() when it never does.
    [[nodiscard]] Instant changes_at(BatchKey batch, Instant at) const;

private:
    std::map<BatchKey, OpenSpans> spans_;
};

} // namespace reeld
