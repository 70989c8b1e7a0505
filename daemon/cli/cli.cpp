#include "daemon/cli/cli.h"

#include "daemon/cli/commands.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/parse_error.h"
#include "daemon/cli/plan.h"
#include "daemon/config/reference.h"
#include "daemon/output/files.h"
#include "daemon/progress/terminal.h"
#include "daemon/reader/reader.h"
#include "daemon/version.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <string_view>
#include <sys/resource.h>

namespace reeld {

namespace {

constexpr const char* kOverviewFooter = R"(A first try, without a key and without the network:
  reeld run --sandbox storyboard.yaml

For real, with a key of each::labs:
  export EACHLABS_API_KEY=...
  reeld check storyboard.yaml      what would be sent, and every fault of the file
  reeld run storyboard.yaml        renders it; the same command goes on after Ctrl-C

With a daemon ('reeld serve'):
  reeld submit storyboard.yaml     hands it over; 'reeld status --watch' shows what becomes of it

Exit codes:
  0  all succeeded
  1  some shot failed, was cancelled, is held or paused
  2  the command line, the configuration or a storyboard is wrong; nothing was sent
  3  the account is suspended (key, balance)
  4  the state folder is in use, it or the output folder cannot be written, or no daemon answers
  130  interrupted; the same command goes on)";

/// What every command wants of the process it runs in.
void prepare_process() {
    // A closed pipe or connection is an error value, not the end.
    std::signal(SIGPIPE, SIG_IGN);
    // TLS secrets and memory images would hold the key.
    ::unsetenv("SSLKEYLOGFILE");
    (void)environment_key();
    // 1, not 0: to a program that takes cores through a pipe (systemd-coredump) the kernel gives them at 0 as
    // well, and at 1 to nobody; a core of one byte is no core for a file either.
    const rlimit no_core{.rlim_cur = 1, .rlim_max = 1};
    ::setrlimit(RLIMIT_CORE, &no_core);
    // A connection a slot and then some: the usual soft limit of 1024 is for programs that use select().
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
}

int parse_and_run(int argc, char** argv) {
    CLI::App app("reeld renders storyboards overnight: YAML in, video URLs out, within the account's limits, "
                 "never paying twice.",
                 "reeld");
    app.set_version_flag("--version", "reeld " + std::string(version()), "Print the version");
    app.require_subcommand(1);
    app.footer(kOverviewFooter);
    int code = 0;
    std::string topic;
    auto* help = app.add_subcommand("help", "This text, or 'help config': every key of the configuration");
    help->add_option("TOPIC", topic, "config")->type_name("")->check(CLI::IsMember({"config"}));
    // App::help() would tell of the subcommand that is being parsed, which is this one.
    const auto overview = [&] {
        return app.get_formatter()->make_help(&app, "reeld", CLI::AppFormatMode::Normal);
    };
    help->callback([&] { write_stdout(topic.empty() ? overview() : config_reference()); });
    add_run_command(app, code);
    add_serve_command(app, code);
    add_submit_command(app, code);
    add_status_command(app, code);
    add_wait_command(app, code);
    add_nightly_command(app, code);
    add_steer_commands(app, code);
    add_why_command(app, code);
    add_dashboard_command(app, code);
    add_check_command(app, code);
    add_report_command(app, code);
    add_models_command(app, code);
    add_sandbox_command(app, code);
    add_names_command(app, code);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& wanted) {
        return app.exit(wanted); // --help and --version
    } catch (const CLI::ParseError& error) {
        write_stderr(explain_parse_error(app, error, {argv + 1, argv + argc}));
        return to_int(ExitCode::wrong);
    }
    return code;
}

} // namespace

int run_cli(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "read-storyboard") return read_storyboard_main();
    prepare_process();
    try {
        return parse_and_run(argc, argv);
    } catch (const PlanError& error) {
        write_stderr(std::string(error.what()) + "\n");
        return to_int(ExitCode::wrong);
    } catch (const JournalError& error) {
        write_stderr(std::string("reeld: error: ") + error.what() + "\n");
        return to_int(error.kind == JournalError::Kind::other ? ExitCode::wrong : ExitCode::unavailable);
    } catch (const std::filesystem::filesystem_error& error) {
        write_stderr(
            fmt::format("reeld: error: {}\n", cannot("make or read", error.path1(), error.code().value())));
        return to_int(ExitCode::unavailable);
    } catch (const std::exception& error) {
        write_stderr(std::string("reeld: error: ") + error.what() + "\n");
        return to_int(ExitCode::unavailable);
    }
}

} // namespace reeld
