#include "daemon/control/batch_report.h"

#include <algorithm>

namespace reeld {

BatchReport::BatchReport(ReportForm form, const Journal& journal, const Ledger& ledger, BatchKey batch)
    : journal_(journal), ledger_(ledger), batch_(batch),
      text_(form, ledger.batch(batch).name, journal.batch(batch).folder) {}

bool BatchReport::add_some(std::uint32_t shots_max) {
    const auto total = static_cast<std::uint32_t>(ledger_.batch(batch_).shots.size());
    const auto end = next_ + std::min(shots_max, total - next_);
    for (; next_ < end; ++next_) {
        const ShotRef ref{.batch = batch_, .index = next_};
        const auto shot = journal_.shot(ref).shot;
        text_.add({.id = shot.id,
                   .model = shot.model,
                   .state = std::string(to_word(ledger_.shot(ref).state)),
                   .attempts = fold_attempts(journal_.events_of(ref))});
    }
    return next_ < total;
}

} // namespace reeld
