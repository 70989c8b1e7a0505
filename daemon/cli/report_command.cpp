/// `reeld report BATCH`: the evidence out of the journal. Sends nothing and changes nothing.
#include "daemon/cli/commands.h"

#include "daemon/app/rules.h"
#include "daemon/cli/daemon_client.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/plan.h"
#include "daemon/cli/run_summary.h"
#include "daemon/control/batch_report.h"
#include "daemon/journal/journal.h"
#include "daemon/journal/journal_file.h"
#include "daemon/progress/terminal.h"
#include "jobs/queue/ledger.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace reeld {

namespace {

struct ReportOptions {
    CommonOptions common;
    PlaceOptions places;
    std::vector<std::string> batches;
};

constexpr const char* kReportFooter =
    R"(Prints every create that was sent for a batch: when, under which request id, what the provider
answered, how a lost answer was settled, the prediction, how it ended, and its cost where the provider
names one: what support needs to find a bill, or to take one back. A daemon that holds the folder is
asked for it.

Examples:
  reeld report harbor
  reeld report harbor --json

Exit codes: 0 printed, 2 there is no such batch or no journal, 4 the state folder is in use by a run.)";

std::string known_batches(const std::vector<BatchRow>& rows) {
    std::string names;
    for (const auto& row : rows) names += (names.empty() ? "" : ", ") + row.name;
    return names.empty() ? "there is none so far" : "there are: " + names;
}

/// What the daemon that holds the folder says.
int report_of_daemon(const JournalPlace& place, const ReportOptions& options) {
    DaemonClient client(place.state);
    const char* form = options.common.json ? "json" : "text";
    std::vector<std::string> reports;
    for (const auto& name : options.batches) {
        const auto answer = client.get(
            fmt::format("{}/report?format={}", ShotName{.batch = name, .shot = ""}.target(), form));
        require_good(answer);
        reports.push_back(answer.text);
    }
    if (!options.common.json) {
        for (const auto& it : reports) write_stdout(it);
        return to_int(ExitCode::succeeded);
    }
    // Each is a document of one batch.
    constexpr std::string_view kHead = R"({"batches":[)";
    constexpr std::string_view kTail = "]}";
    for (auto& it : reports) it = it.substr(kHead.size(), it.size() - kHead.size() - kTail.size());
    write_stdout(report_json(reports) + "\n");
    return to_int(ExitCode::succeeded);
}

int report(const ReportOptions& options) {
    const auto place = plan_journal(options.common, options.places);
    if (daemon_holds(place.state)) return report_of_daemon(place, options);
    if (!std::filesystem::exists(journal_file_in(place.state))) {
        throw PlanError(fmt::format("reeld: error: there is no journal in {}: name the folder with --state{}",
                                    place.state.native(),
                                    options.places.sandbox ? "" : "; a sandbox's journal needs --sandbox"));
    }
    Journal journal({.folder = place.state, .provider = place.provider});
    Ledger ledger(ledger_rules(place.config, {}));
    journal.replay([&](const Event& event) { ledger.apply(event); });
    const auto rows = journal.batches();
    std::vector<std::string> reports;
    const auto form = options.common.json ? ReportForm::json : ReportForm::text;
    for (const auto& name : options.batches) {
        const auto row =
            std::find_if(rows.begin(), rows.end(), [&](const auto& it) { return it.name == name; });
        if (row == rows.end())
            throw PlanError(fmt::format("reeld: error: no batch {}; {}", name, known_batches(rows)));
        BatchReport report(form, journal, ledger, row->key);
        while (report.add_some(row->shot_count)) {
        }
        reports.push_back(report.whole());
    }
    if (options.common.json) write_stdout(report_json(reports) + "\n");
    for (const auto& it : reports) {
        if (!options.common.json) write_stdout(it);
    }
    return to_int(ExitCode::succeeded);
}

} // namespace

void add_report_command(CLI::App& app, int& code) {
    auto options = std::make_shared<ReportOptions>();
    auto* command =
        app.add_subcommand("report", "Print every create that was sent for a batch, and what became of it");
    command->add_option("BATCH", options->batches, "Names of batches: their output folders' names")
        ->required()
        ->type_name("");
    add_state_place(*command, options->places);
    add_common(*command, options->common, "As JSON on standard output");
    command->footer(kReportFooter);
    command->callback([options, &code] { code = report(*options); });
}

} // namespace reeld
