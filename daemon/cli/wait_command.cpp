/// `reeld wait BATCH…`: returns when batches of the daemon have ended.
#include "daemon/cli/commands.h"

#include "daemon/cli/exit_code.h"
#include "daemon/cli/follow.h"
#include "daemon/cli/plan.h"
#include "daemon/config/quantity.h"

#include <fmt/format.h>
#include <memory>

namespace reeld {

namespace {

struct WaitOptions {
    CommonOptions common;
    PlaceOptions places;
    std::vector<std::string> batches;
    std::string timeout;
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
    std::optional<Duration> timeout;
    if (!options.timeout.empty()) {
        timeout = parse_duration(options.timeout);
        if (!timeout)
            throw PlanError(fmt::format("reeld: error: --timeout {}: write a duration such as 90s, 30m or 8h",
                                        options.timeout));
    }
    DaemonClient client(plan_journal(options.common, options.places).state);
    Follow follow(client, {.quiet = options.common.quiet, .timeout = timeout});
    for (const auto& batch : options.batches) follow.add(batch);
    const auto code = follow.until_end();
    if (options.common.json) write_stdout(summary_json(follow.heard()) + "\n");
    if (!options.common.quiet) write_stderr(summary_text(follow.heard()));
    if (code == ExitCode::interrupted)
        write_stderr("reeld: the timeout has passed; the daemon goes on, and so does the same command\n");
    return to_int(code);
}

} // namespace

void add_wait_command(CLI::App& app, int& code) {
    auto options = std::make_shared<WaitOptions>();
    auto* command = app.add_subcommand("wait", "Return when batches of the daemon have ended");
    command->add_option("BATCH", options->batches, "Batches")->required()->type_name("");
    command->add_option("--timeout", options->timeout, "Wait no longer than this: 90s, 30m, 8h")
        ->type_name("TIME");
    add_daemon_place(*command, options->places);
    add_common(*command, options->common, "Print how each batch ended as JSON on standard output");
    command->footer(kWaitFooter);
    command->callback([options, &code] { code = wait_for(*options); });
}

} // namespace reeld
