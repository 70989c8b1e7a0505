/// `reeld nightly DIR`: submits every storyboard of a folder to the daemon, once more, and waits for the end.
#include "daemon/cli/commands.h"

#include "daemon/cli/exit_code.h"
#include "daemon/cli/follow.h"
#include "daemon/cli/plan.h"
#include "daemon/cli/submit_files.h"
#include "daemon/config/quantity.h"
#include "daemon/inbox/storyboard_name.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <memory>

namespace reeld {

namespace {

struct NightlyOptions {
    CommonOptions common;
    PlaceOptions places;
    std::string folder;
    std::string timeout;
};

// A folder with more of them is a mistake, and an expensive one.
constexpr std::size_t kNightlyFilesMax = 1000;

constexpr const char* kNightlyFooter =
    R"(Takes the .yaml and .yml files of the folder, in the order of their names, and leaves them there.
Each is rendered once more each time, but never twice at once: a batch of the same bytes that is not finished
yet is waited for instead. A faulty file is named with its faults and left out; the others are rendered. The
timer reeld-nightly.timer runs this each night.

Examples:
  reeld nightly /var/lib/reeld/nightly
  reeld nightly /var/lib/reeld/nightly --timeout 23h

Exit codes: 0 all succeeded, or the folder is empty, 1 some shot failed, was cancelled or is held, or a file
is faulty, 2 all files are faulty, or something else is wrong and nothing was sent, 3 the account is
suspended, 4 no daemon answers, 130 the timeout has passed or it was interrupted: the daemon goes on.)";

std::vector<std::string> storyboards_in(const std::string& folder) {
    std::error_code error;
    std::vector<std::string> files;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
        std::error_code gone; // A file that vanishes meanwhile is no storyboard of tonight.
        if (is_storyboard_name(it->path().filename().string()) && it->is_regular_file(gone))
            files.push_back(it->path().string());
    }
    if (error)
        throw PlanError(fmt::format("reeld: error: cannot read the folder {}: {}; nothing was sent", folder,
                                    error.message()));
    if (files.size() > kNightlyFilesMax)
        throw PlanError(fmt::format("reeld: error: {} has {} storyboards, {} at most are rendered in a "
                                    "night; nothing was sent",
                                    folder, files.size(), kNightlyFilesMax));
    std::ranges::sort(files);
    return files;
}

/// Once more, unless it is being rendered: yesterday's batch that did not end is not paid for twice.
Submitted submit_for_tonight(DaemonClient& client, const std::string& file) {
    auto submitted = submit_file(client, file, {.again = false, .priority = {}, .now = false});
    if (!submitted.duplicate || !submitted.finished) return submitted;
    return submit_file(client, file, {.again = true, .priority = {}, .now = false});
}

/// Shows the faults of those that have some.
std::vector<std::string> without_faulty(const std::vector<std::string>& files, const ReadLimits& limits) {
    std::vector<std::string> good;
    for (const auto& file : files) {
        if (check_all({file}, limits))
            good.push_back(file);
        else
            write_stderr(fmt::format("{}: faulty, not rendered tonight\n", file));
    }
    return good;
}

/// The batches of the files that the daemon takes: it may know more of a model than the check here.
std::vector<std::string> submit_each(DaemonClient& client, const std::vector<std::string>& files,
                                     std::size_t& refused) {
    std::vector<std::string> batches;
    for (const auto& file : files) {
        try {
            const auto it = submit_for_tonight(client, file);
            write_stderr(it.duplicate ? fmt::format("{}: is being rendered, as {}\n", file, it.batch)
                                      : accepted_line(it));
            // The same bytes twice in one folder are one wish.
            if (std::ranges::count(batches, it.batch) == 0) batches.push_back(it.batch);
        } catch (const PlanError& error) {
            ++refused;
            write_stderr(fmt::format("{}\n{}: not rendered tonight\n", error.what(), file));
        }
    }
    return batches;
}

std::optional<Duration> timeout_of(const NightlyOptions& options) {
    if (options.timeout.empty()) return std::nullopt;
    const auto timeout = parse_duration(options.timeout);
    if (timeout) return timeout;
    throw PlanError(fmt::format("reeld: error: --timeout {}: write a duration such as 90s, 30m or 8h; "
                                "nothing was sent",
                                options.timeout));
}

int render_tonight(const NightlyOptions& options) {
    const auto timeout = timeout_of(options);
    const auto place = plan_journal(options.common, options.places);
    const auto files = storyboards_in(options.folder);
    if (files.empty()) {
        write_stderr(fmt::format("{}: no storyboards, nothing to render\n", options.folder));
        return to_int(ExitCode::succeeded);
    }
    const auto good = without_faulty(files, place.config.storyboard);
    if (good.empty()) return to_int(ExitCode::wrong);
    DaemonClient client(place.state);
    const auto stop = [&] {
        client.loop().exit(0);
    };
    const auto on_interrupt = client.loop().watch_signal(SIGINT, stop);
    const auto on_terminate = client.loop().watch_signal(SIGTERM, stop);
    Follow follow(client, {.quiet = options.common.quiet, .timeout = timeout});
    std::size_t refused = files.size() - good.size();
    const auto batches = submit_each(client, good, refused);
    if (batches.empty()) return to_int(ExitCode::wrong);
    for (const auto& batch : batches) follow.add(batch);
    const auto code = follow.until_end();
    if (options.common.json) write_stdout(summary_json(follow.heard()) + "\n");
    write_stderr(summary_text(follow.heard()));
    if (code == ExitCode::interrupted) write_stderr("reeld: waited no longer; the daemon goes on\n");
    return to_int(code == ExitCode::succeeded && refused > 0 ? ExitCode::some_failed : code);
}

} // namespace

void add_nightly_command(CLI::App& app, int& code) {
    auto options = std::make_shared<NightlyOptions>();
    auto* command =
        app.add_subcommand("nightly", "Render every storyboard of a folder once more, and wait for the end");
    command->add_option("DIR", options->folder, "The folder of the storyboards")->required()->type_name("");
    command->add_option("--timeout", options->timeout, "Wait no longer than this: 90s, 30m, 8h")
        ->type_name("TIME");
    add_daemon_place(*command, options->places);
    add_common(*command, options->common, "Print how each batch ended as JSON on standard output");
    command->footer(kNightlyFooter);
    command->callback([options, &code] { code = render_tonight(*options); });
}

} // namespace reeld
