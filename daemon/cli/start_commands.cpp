/// `run`, `serve` and `sandbox` on the command line.
#include "daemon/cli/commands.h"

#include "daemon/cli/attached_run.h"
#include "daemon/cli/daemon_client.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/plan.h"
#include "daemon/cli/reload.h"
#include "daemon/cli/run_command.h"
#include "daemon/log.h"
#include "daemon/progress/terminal.h"
#include "daemon/sandbox/sandbox_command.h"
#include "daemon/supervisor/journal_entry.h"

#include <cstdlib>
#include <fmt/format.h>
#include <memory>

namespace reeld {

namespace {

constexpr const char* kRunFooter =
    R"(The first Ctrl-C stops sending, waits for the answers that are due, and ends with 130; what
renders goes on at the provider, and the same command picks it up. A file whose bytes were rendered
less than a day ago is not rendered again (--again insists). On a state folder that a daemon holds, the files
are handed to the daemon, and Ctrl-C ends the command and not the work. A create whose answer was lost is
looked for in the provider's list; what that does not settle may have been billed and is held:
--resolve ends it.

Examples:
  reeld run --sandbox harbor.yaml
  reeld run harbor.yaml docks.yaml --output /srv/clips
  reeld run harbor.yaml --resolve harbor/sunrise=not-created

Exit codes: 0 all succeeded, 1 some shot failed, was cancelled, is held or paused, 2 something is wrong and
nothing was sent, 3 the account is suspended, 4 the state folder is in use, or it or the output folder cannot
be written, 130 interrupted.)";

constexpr const char* kServeFooter =
    R"(Drop a .yaml file into the watch folder, or hand one over with 'reeld submit'. A good one is taken
into OUTPUT/<batch>/, where manifest.jsonl grows as shots finish and manifest.json appears when all are
final. A bad one moves to rejected/, beside a file that says why. SIGTERM stops sending, waits for the answers
that are due, and ends with 0; the next start goes on. SIGHUP reads the configuration and the key anew; a
faulty configuration changes nothing and is told of in the log. At a terminal, whose end sends SIGHUP, it
ends the daemon.

Examples:
  reeld serve --sandbox --watch inbox
  reeld serve --sandbox
  reeld serve --config /etc/reeld/reeld.yaml)";

struct StartOptions {
    CommonOptions common;
    PlaceOptions places;
    RunOptions run;
    std::string watch;
    std::vector<std::string> resolve;
};

int run(const StartOptions& options) {
    RunOptions run_options = options.run;
    run_options.resolutions = read_resolutions(options.resolve);
    if (run_options.again && !run_options.resolutions.empty())
        throw PlanError(
            "reeld: error: --resolve is about a shot that is held, and --again renders the storyboard "
            "as another batch: leave --again out; nothing was sent");
    run_options.json = options.common.json;
    run_options.quiet = options.common.quiet;
    const auto place = plan_journal(options.common, options.places);
    if (daemon_holds(place.state)) return run_attached(place, options.places, run_options);
    auto planned = plan_session(options.common, options.places);
    planned.plan.only_allowed = true;
    const int code = Run(planned.plan, run_options).go();
    if (planned.sandbox) {
        const auto report = planned.sandbox->stop();
        // What is wrong with the files is not to be buried under a report of nothing.
        if (!options.common.quiet && code != to_int(ExitCode::wrong))
            write_stderr("\nWhat the sandbox saw:\n" + report);
    }
    return code;
}

int serve(const StartOptions& options) {
    const auto watching = [&options](SessionPlan plan) {
        if (!options.watch.empty()) plan.config.watch = std::filesystem::absolute(options.watch);
        return plan;
    };
    const auto planned = plan_session(options.common, options.places);
    const LogLevel least = options.common.quiet ? LogLevel::warning : LogLevel::info;
    return serve_with_reloads(
        watching(planned.plan),
        [&] { return watching(replan_session(planned.plan, options.common, options.places)); },
        {.fd = 2,
         .form = log_form_for(2, std::getenv("JOURNAL_STREAM")),
         .least = least,
         .send_entry = send_to_journal});
}

} // namespace

void add_run_command(CLI::App& app, int& code) {
    auto options = std::make_shared<StartOptions>();
    auto* command =
        app.add_subcommand("run", "Render storyboards in the foreground and exit when all is final");
    command->add_option("FILE", options->run.files, "Storyboards")->required()->type_name("");
    add_places(*command, options->places);
    command->add_flag("--again", options->run.again, "Render once more what was rendered already");
    command
        ->add_option(
            "--resolve", options->resolve,
            "Say what became of a held shot's create: SHOT=created:ID, the prediction that you found at "
            "the provider; or SHOT=not-created, which renders it again (not-created:2 the second time that "
            "it is "
            "held)")
        ->type_name("SHOT=WHAT")
        ->allow_extra_args(false);
    add_common(*command, options->common, "Print how each batch ended as JSON on standard output");
    command->footer(kRunFooter);
    command->callback([options, &code] { code = run(*options); });
}

void add_serve_command(CLI::App& app, int& code) {
    auto options = std::make_shared<StartOptions>();
    auto* command = app.add_subcommand(
        "serve", "The daemon: render what is dropped into the watch folder, until SIGTERM");
    command
        ->add_option("--watch", options->watch,
                     "The folder to watch (default: as configured; none: storyboards "
                     "come by 'reeld submit')")
        ->type_name("DIR");
    add_places(*command, options->places);
    add_common(*command, options->common, "");
    command->footer(kServeFooter);
    command->callback([options, &code] { code = serve(*options); });
}

void add_sandbox_command(CLI::App& app, int& code) {
    auto options = std::make_shared<SandboxOptions>();
    add_sandbox_command(app, *options)->callback([options, &code] { code = run_sandbox(*options); });
}

} // namespace reeld
