/// `reeld wait BATCH…`: returns when batches of the daemon have ended.
#include "daemon/cli/commands.h"

#include "daemon/cli/exit_code.h"
#include "daemon/cli/follow_times.h"
#include "daemon/cli/plan.h"

#include <fmt/format.h>
#include <memory>

namespace reeld {

namespace {

struct WaitOptions {
    CommonOptions common;
    PlaceOptions places;
    std::vector<std::string> batches;
    FollowTimes times;
};

constexpr const char* kWaitFooter =
    R"(Shows what happens meanwhile as 'reeld run' does. A daemon that is started anew is waited for.

Examples:
  reeld wait harbor-teaser
  reeld wait harbor-teaser night-train --timeout 8h

Exit codes: 0 all succeeded, 1 some shot failed, was cancelled or is held, 2 there is no such batch, 3 the
account is suspended, 4 no daemon answers, 130 the timeout has passed: the daemon goes on, and so does the
same command.)";

int wait_for(const WaitOptions& options) {
    const auto times = read_follow_times(options.times, options.common.quiet);
    DaemonClient client(plan_journal(options.common, options.places).state);
    Follow follow(client, times);
    for (const auto& batch : options.batches) follow.add(batch);
    const auto code = follow.until_end();
    if (!options.common.quiet) write_stderr(summary_text(follow.heard()));
    if (code == ExitCode::interrupted)
        write_stderr("reeld: the timeout has passed; the daemon goes on, and so does the same command\n");
    if (options.common.json) write_stdout(summary_json(follow.heard()) + "\n");
    return to_int(code);
}

} // namespace

void add_wait_command(CLI::App& app, int& code) {
    auto options = std::make_shared<WaitOptions>();
    auto* command = app.add_subcommand("wait", "Return when batches of the daemon have ended");
    command->add_option("BATCH", options->batches, "Batches")->required()->type_name("");
    add_follow_times(*command, options->times);
    add_daemon_place(*command, options->places);
    add_common(*command, options->common, "Print how each batch ended as JSON on standard output");
    command->footer(kWaitFooter);
    command->callback([options, &code] { code = wait_for(*options); });
}

} // namespace reeld
