#include "daemon/cli/attached_run.h"

#include "daemon/cli/follow.h"
#include "daemon/cli/submit_files.h"
#include "jobs/eachlabs/json_body.h"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>

namespace reeld {

namespace {

/// The daemon renders into its own folder and by its own key: it must be the one that was asked for.
void require_same_daemon(DaemonClient& client, const JournalPlace& place, const PlaceOptions& places) {
    const auto status = client.asked("/v1/status");
    const auto provider = eachlabs::string_member(status, "provider");
    if (provider != place.provider) {
        throw PlanError(fmt::format("reeld: error: the daemon that holds {} renders at {}, not at {}; "
                                    "nothing was sent. Name the state "
                                    "folder of another one with --state",
                                    place.state.native(), provider, place.provider));
    }
    if (places.output.empty()) return;
    const auto wanted = std::filesystem::weakly_canonical(std::filesystem::absolute(places.output));
    const std::filesystem::path theirs(std::string(eachlabs::string_member(status, "output")));
    if (wanted == std::filesystem::weakly_canonical(theirs)) return;
    throw PlanError(fmt::format("reeld: error: the daemon that holds {} writes to {}, not to {}; nothing was "
                                "sent. Leave --output out, or stop that daemon",
                                place.state.native(), theirs.native(), wanted.native()));
}

void refuse_resolutions(const RunOptions& options) {
    if (options.resolutions.empty()) return;
    const auto& first = options.resolutions.front();
    const auto name = first.shot.find('/') == std::string::npos ? "BATCH/" + first.shot : first.shot;
    throw PlanError(fmt::format(
        "reeld: error: a daemon holds this state folder: say it to the daemon, 'reeld resolve {} {}'", name,
        first.finding.prediction ? "--created " + *first.finding.prediction
                                 : "--" + not_created_words(first.finding.nth, '=')));
}

/// Submits what is not being rendered already, as `reeld run` does in a folder of its own.
Submitted submit_or_attach(DaemonClient& client, const std::string& file, bool again) {
    auto submitted = submit_file(client, file, {.again = false, .after = {}, .priority = {}, .now = true});
    if (submitted.duplicate && submitted.finished && again)
        return submit_file(client, file,
                           {.again = true, .after = submitted.batch, .priority = {}, .now = true});
    return submitted;
}

void tell_attached(const Submitted& it) {
    const auto text =
        !it.duplicate ? fmt::format("{}: handed to the daemon as {}", it.file, it.batch)
        : it.finished ? fmt::format("{}: rendered already, as {}; nothing is sent (--again renders it once "
                                    "more)",
                                    it.file, it.batch)
                      : fmt::format("{}: is being rendered by the daemon, as {}", it.file, it.batch);
    write_stderr(text + "\n");
}

} // namespace

int run_attached(const JournalPlace& place, const PlaceOptions& places, const RunOptions& options) {
    refuse_resolutions(options);
    if (!check_all(options.files, place.config.storyboard)) {
        write_stderr("reeld: nothing was sent\n");
        return to_int(ExitCode::wrong);
    }
    DaemonClient client(place.state);
    require_same_daemon(client, place, places);
    const auto stop = [&] {
        client.loop().exit(0);
    };
    const auto on_interrupt = client.loop().watch_signal(SIGINT, stop);
    const auto on_terminate = client.loop().watch_signal(SIGTERM, stop);
    Follow follow(client, {.quiet = options.quiet, .timeout = std::nullopt});
    std::vector<std::string> batches;
    for (const auto& file : options.files) {
        const auto submitted = submit_or_attach(client, file, options.again);
        if (!options.quiet) tell_attached(submitted);
        // The same bytes twice in one command are one wish.
        if (std::ranges::count(batches, submitted.batch) > 0) continue;
        batches.push_back(submitted.batch);
        follow.add(submitted.batch);
    }
    const auto code = follow.until_end();
    if (!options.quiet) write_stderr(summary_text(follow.heard()));
    if (code == ExitCode::interrupted) {
        write_stderr(fmt::format("reeld: interrupted; the daemon goes on rendering: the same command{} waits "
                                 "again, 'reeld cancel' ends it\n",
                                 options.again ? " without --again" : ""));
    }
    if (options.json) write_stdout(summary_json(follow.heard()) + "\n");
    return to_int(code);
}

} // namespace reeld
