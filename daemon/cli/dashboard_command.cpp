/// `reeld dashboard`: prints the address that opens the page with the right to act.
#include "daemon/cli/commands.h"

#include "daemon/cli/daemon_client.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/plan.h"
#include "daemon/progress/terminal.h"
#include "jobs/eachlabs/json_body.h"

#include <memory>
#include <string>

namespace reeld {

namespace {

struct DashboardOptions {
    CommonOptions common;
    PlaceOptions places;
};

constexpr const char* kDashboardFooter =
    R"text(Looking needs no session on this machine: the page is at the address of http.listen. Cancelling,
retrying, pausing and whatever else changes something does, and the address that is printed opens one for the
browser that comes with it first. It does so once, within a minute; whoever has it may act, so it is not to be
passed on. The session ends after http.session (12 hours), or with the daemon.

A daemon on another machine: ssh -L 8787:127.0.0.1:8787 MACHINE, and 'reeld dashboard' there.

Examples:
  reeld dashboard
  xdg-open "$(reeld dashboard --quiet)"

Exit codes: 0 printed, 2 the daemon has no page (http.listen is not configured), 4 no daemon answers, or it
could not listen.)text";

int print_address(const DashboardOptions& options) {
    DaemonClient client(plan_journal(options.common, options.places).state);
    const auto answer = client.post("/v1/sessions");
    require_good(answer);
    if (options.common.json) {
        write_stdout(answer.text + "\n");
        return to_int(ExitCode::succeeded);
    }
    write_stdout(std::string(eachlabs::string_member(answer.body, "url")) + "\n");
    if (!options.common.quiet)
        write_stderr("It opens the page once, within a minute; whoever opens it may act.\n");
    return to_int(ExitCode::succeeded);
}

} // namespace

void add_dashboard_command(CLI::App& app, int& code) {
    auto options = std::make_shared<DashboardOptions>();
    auto* command = app.add_subcommand("dashboard", "Print the address that opens the page, to act there");
    add_daemon_place(*command, options->places);
    add_common(*command, options->common, R"(Print {"url", "until"} on standard output)");
    command->footer(kDashboardFooter);
    command->callback([options, &code] { code = print_address(*options); });
}

} // namespace reeld
