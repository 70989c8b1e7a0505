/// `reeld nightly DIR`: submits every storyboard of a folder to the daemon, once more, and waits for the end.
#include "daemon/cli/commands.h"

#include "daemon/cli/exit_code.h"
#include "daemon/cli/follow_times.h"
#include "daemon/cli/plan.h"
#include "daemon/cli/submit_files.h"
#include "daemon/cli/tonight.h"
#include "daemon/inbox/storyboard_name.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <utility>

namespace reeld {

namespace {

struct NightlyOptions {
    CommonOptions common;
    PlaceOptions places;
    std::string folder;
    std::string ended_file;
    FollowTimes times;
};

// A folder with more of them is a mistake, and an expensive one.
constexpr std::size_t kNightlyFilesMax = 1000;

constexpr const char* kNightlyFooter =
    R"(Takes the .yaml and .yml files of the folder, in the order of their names, and leaves them there.
Each is rendered once more each time, but never twice at once: a batch of the same bytes that is not finished
yet is waited for instead. A faulty file is named with its faults and left out; the others are rendered. A
daemon that is away, also at the start, is waited for. The timer reeld-nightly.timer runs this each night.

Examples:
  reeld nightly /var/lib/reeld/nightly
  reeld nightly /var/lib/reeld/nightly --timeout 23h

Exit codes: 0 all succeeded, or the folder is empty, 1 some shot failed, was cancelled or is held, or a file
is faulty, 2 all files are faulty, or something else is wrong and nothing was sent, 3 the account is
suspended, 4 no daemon answers for the time of --patience, 130 the timeout has passed or it was interrupted:
the daemon goes on.)";

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

/// A timer that fell due while a night was still being rendered starts the next one the moment it has ended.
/// Nobody wants that one: it would render, and bill, everything a second time in the same night.
constexpr auto kFellDueMeanwhile = std::chrono::minutes{1};

bool has_just_ended(const std::string& ended_file) {
    if (ended_file.empty()) return false;
    std::error_code none; // The first night.
    const auto ended = std::filesystem::last_write_time(ended_file, none);
    if (none) return false;
    const auto since = std::filesystem::file_time_type::clock::now() - ended;
    return since >= std::chrono::seconds{0} && since < kFellDueMeanwhile;
}

/// Remembers the end of a night, however it comes.
class EndOfNight {
public:
    explicit EndOfNight(std::string file) : file_(std::move(file)) {}
    ~EndOfNight() {
        if (file_.empty()) return;
        std::ofstream ended(file_, std::ios::trunc);
        ended << "The last night ended when this file was written.\n" << std::flush;
        if (!ended) write_stderr(fmt::format("reeld: warning: cannot write {}\n", file_));
    }
    EndOfNight(const EndOfNight&) = delete;
    EndOfNight& operator=(const EndOfNight&) = delete;

private:
    std::string file_;
};

/// Hands them over, and waits for the end of what was accepted.
int render(DaemonClient& client, const std::vector<std::string>& files, std::size_t faulty,
           const NightlyOptions& options, const Follow::Options& times) {
    Follow follow(client, times);
    const auto tonight = submit_for_tonight(client, files, times);
    // A night that nothing was accepted in has no end to remember.
    const EndOfNight end_of_night(tonight.batches.empty() ? std::string{} : options.ended_file);
    ExitCode code = ExitCode::interrupted;
    for (const auto& batch : tonight.batches) follow.add(batch);
    if (!tonight.interrupted) {
        if (tonight.batches.empty())
            return to_int(tonight.away.empty() ? ExitCode::wrong : ExitCode::unavailable);
        code = follow.until_end();
        write_stderr(summary_text(follow.heard()));
    }
    if (code == ExitCode::interrupted) write_stderr("reeld: waited no longer; the daemon goes on\n");
    if (options.common.json && !tonight.interrupted) write_stdout(summary_json(follow.heard()) + "\n");
    const bool is_partial = code == ExitCode::succeeded && faulty + tonight.refused > 0;
    return to_int(is_partial ? ExitCode::some_failed : code);
}

int render_tonight(const NightlyOptions& options) {
    const auto times = read_follow_times(options.times, options.common.quiet);
    const auto place = plan_journal(options.common, options.places);
    const auto files = storyboards_in(options.folder);
    if (files.empty()) {
        write_stderr(fmt::format("{}: no storyboards, nothing to render\n", options.folder));
        return to_int(ExitCode::succeeded);
    }
    if (has_just_ended(options.ended_file)) {
        write_stderr(fmt::format("{}: the last night has only just ended; the next one renders them again\n",
                                 options.folder));
        return to_int(ExitCode::succeeded);
    }
    const auto good = without_faulty(files, place.config.storyboard);
    if (good.empty()) return to_int(ExitCode::wrong);
    DaemonClient client(place.state, DaemonClient::WhenAway::wait);
    const auto stop = [&] {
        client.loop().exit(0);
    };
    const auto on_interrupt = client.loop().watch_signal(SIGINT, stop);
    const auto on_terminate = client.loop().watch_signal(SIGTERM, stop);
    return render(client, good, files.size() - good.size(), options, times);
}

} // namespace

void add_nightly_command(CLI::App& app, int& code) {
    auto options = std::make_shared<NightlyOptions>();
    auto* command =
        app.add_subcommand("nightly", "Render every storyboard of a folder once more, and wait for the end");
    command->add_option("DIR", options->folder, "The folder of the storyboards")->required()->type_name("");
    add_follow_times(*command, options->times);
    command
        ->add_option("--ended-file", options->ended_file,
                     "Remember the end in this file, and render nothing within a minute of it: a timer that "
                     "fell due meanwhile starts the command at once")
        ->type_name("FILE");
    add_daemon_place(*command, options->places);
    add_common(*command, options->common, "Print how each batch ended as JSON on standard output");
    command->footer(kNightlyFooter);
    command->callback([options, &code] { code = render_tonight(*options); });
}

} // namespace reeld
