/// The part of the provider that sums up: the tally, and what the client's schedule was worth.
#include "daemon/sandbox/ideal_schedule.h"
#include "daemon/sandbox/in_seconds.h"
#include "daemon/sandbox/provider.h"

#include <algorithm>

namespace reeld::sandbox {

void Provider::judge_schedule(Report& report) const {
    std::vector<Duration> durations;
    std::optional<Instant> last_observed;
    for (const Prediction& prediction : predictions_.all()) {
        if (prediction.from_state_file || prediction.foreign) continue;
        durations.push_back(prediction.ends - prediction.created);
        if (prediction.end_observed) {
            last_observed =
                std::max(last_observed.value_or(*prediction.end_observed), *prediction.end_observed);
        } else {
            ++report.ends_unobserved;
        }
    }
    if (durations.empty()) return;
    report.ideal_makespan_s = in_seconds(ideal_makespan(durations, options_.limits));
    if (!last_observed || !first_create_) return;
    report.makespan_s = in_seconds(*last_observed - *first_create_);
    // Predictions that all end at once have no schedule to be judged by.
    if (report.ends_unobserved == 0 && *report.ideal_makespan_s > 0)
        report.makespan_over_ideal = *report.makespan_s / *report.ideal_makespan_s;
}

Report Provider::report() const {
    Report report = tally_;
    report.predictions = predictions_.all().size() - foreign_;
    report.creates_pending = late_.size();
    report.foreign = foreign_;
    report.most_creates_in_window = static_cast<std::uint64_t>(window_.most());
    report.identical_inputs = predictions_.identical();
    std::uint64_t polls_of_known = 0;
    for (const Prediction& prediction : predictions_.all()) {
        if (prediction.foreign) continue;
        polls_of_known += prediction.polls;
        report.polls_per_prediction_max = std::max(report.polls_per_prediction_max, prediction.polls);
    }
    if (report.predictions > 0) {
        report.polls_per_prediction_mean =
            static_cast<double>(polls_of_known) / static_cast<double>(report.predictions);
    }
    judge_schedule(report);
    return report;
}

} // namespace reeld::sandbox
