/// `reeld status` and `reeld why`: what the daemon does, and why a shot waits.
#include "daemon/cli/commands.h"

#include "daemon/cli/daemon_client.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/plan.h"
#include "daemon/cli/status_output.h"
#include "daemon/control/json_output.h"
#include "daemon/progress/terminal.h"
#include "jobs/eachlabs/json_body.h"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <memory>

namespace reeld {

namespace {

struct StatusOptions {
    CommonOptions common;
    PlaceOptions places;
    std::string name;
    std::string state; ///< Shots of this state only.
    bool watch = false;
};

constexpr Duration kWatchInterval = std::chrono::seconds{1};
constexpr std::uint32_t kShotsAPage = 500;

constexpr const char* kStatusFooter =
    R"(Without a name: the account's limits, every batch with what it waits for and when it will end, and the
shots that wait for a person, with the commands that release them. With one: its shots, or one shot with
all that is known of it. --watch draws it anew each second, until Ctrl-C.

Examples:
  reeld status
  reeld status --watch
  reeld status harbor-teaser --only held
  reeld status harbor-teaser/sunrise --json

Exit codes: 0 printed, 2 there is no such batch or shot, 4 no daemon answers.)";

/// What is shown once.
struct Shown {
    std::vector<std::string> lines;
    std::string json;
};

std::string json_of(const rapidjson::Value& value) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    value.Accept(json);
    return text_of(buffer);
}

std::string page_target(const ShotName& name, const std::string& state, std::size_t offset) {
    auto target = fmt::format("{}?limit={}&offset={}", name.target(), kShotsAPage, offset);
    if (!state.empty()) target += "&state=" + url_encoded(state);
    return target;
}

/// The batch with its shots: the first page for people, all of them for programs.
rapidjson::Document batch_document(DaemonClient& client, const StatusOptions& options, const ShotName& name) {
    auto whole = client.asked(page_target(name, options.state, 0));
    const auto* first = eachlabs::member(whole, "shots");
    if (!options.common.json || first == nullptr || !first->IsArray()) return whole;
    auto& shots = whole["shots"];
    const auto total = static_cast<std::size_t>(number_of(whole, "total"));
    while (shots.Size() < total) {
        auto page = client.asked(page_target(name, options.state, shots.Size()));
        const auto* more = eachlabs::member(page, "shots");
        if (more == nullptr || !more->IsArray() || more->Empty()) break;
        for (const auto& shot : more->GetArray())
            shots.PushBack(rapidjson::Value(shot, whole.GetAllocator()), whole.GetAllocator());
    }
    return whole;
}

Shown look(DaemonClient& client, const StatusOptions& options) {
    if (options.name.empty()) {
        const auto status = client.asked("/v1/status");
        return {.lines = status_lines(status), .json = json_of(status)};
    }
    const auto name = read_shot_name(options.name);
    if (!name.shot.empty()) {
        const auto shot = client.asked(name.target());
        return {.lines = shot_lines(options.name, shot), .json = json_of(shot)};
    }
    const auto batch = batch_document(client, options, name);
    rapidjson::Document now;
    now.SetString(rfc3339(client.loop().now().wall).c_str(), now.GetAllocator());
    return {.lines = batch_lines(batch, now), .json = json_of(batch)};
}

std::string text_of_lines(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

/// What a terminal of that size has room for: no line wraps, and the top stays in sight.
std::vector<std::string> fitted(std::vector<std::string> lines, Terminal::Size size) {
    for (auto& line : lines) {
        if (line.size() > size.columns) line.resize(size.columns);
    }
    if (lines.size() >= size.rows) lines.resize(size.rows > 1 ? size.rows - 1 : 1);
    return lines;
}

int watch(DaemonClient& client, const StatusOptions& options) {
    const auto interrupt = client.loop().watch_signal(SIGINT, [&] { client.loop().exit(0); });
    Terminal terminal;
    std::string before;
    do {
        const auto shown = look(client, options);
        const auto text = options.common.json ? shown.json + "\n" : text_of_lines(shown.lines);
        if (!options.common.json && Terminal::can_redraw()) {
            terminal.draw(fitted(shown.lines, Terminal::size()));
        } else if (text != before) {
            write_stdout(text);
        }
        before = text;
    } while (client.wait(kWatchInterval));
    return to_int(ExitCode::succeeded);
}

int status(const StatusOptions& options) {
    DaemonClient client(plan_journal(options.common, options.places).state);
    if (options.watch) return watch(client, options);
    const auto shown = look(client, options);
    write_stdout(options.common.json ? shown.json + "\n" : text_of_lines(shown.lines));
    return to_int(ExitCode::succeeded);
}

int why(const StatusOptions& options) {
    const auto name = read_shot_name(options.name);
    if (name.shot.empty()) throw PlanError("reeld: error: a shot waits, not a batch: write BATCH/SHOT");
    DaemonClient client(plan_journal(options.common, options.places).state);
    const auto answer = client.asked(name.target() + "/why");
    if (options.common.json) {
        write_stdout(json_of(answer) + "\n");
        return to_int(ExitCode::succeeded);
    }
    const auto* reason = eachlabs::member(answer, "why");
    const std::string text(reason == nullptr ? "" : eachlabs::string_member(*reason, "text"));
    write_stdout(fmt::format("{}: {}\n", options.name, text));
    return to_int(ExitCode::succeeded);
}

} // namespace

void add_status_command(CLI::App& app, int& code) {
    auto options = std::make_shared<StatusOptions>();
    auto* command = app.add_subcommand("status", "Show what the daemon renders, and when it will be done");
    command->add_option("NAME", options->name, "BATCH or BATCH/SHOT; none: everything")->type_name("");
    add_daemon_place(*command, options->places);
    command
        ->add_option("--only", options->state,
                     "Of a batch, only the shots in this state: queued, creating, rendering, in_doubt, held, "
                     "succeeded, failed, cancelled")
        ->type_name("STATE");
    command->add_flag("--watch", options->watch, "Draw it anew each second, until Ctrl-C");
    add_common(*command, options->common, "As JSON on standard output");
    command->footer(kStatusFooter);
    command->callback([options, &code] { code = status(*options); });
}

void add_why_command(CLI::App& app, int& code) {
    auto options = std::make_shared<StatusOptions>();
    auto* command = app.add_subcommand("why", "Say what exactly a shot waits for");
    command->add_option("SHOT", options->name, "BATCH/SHOT")->required()->type_name("");
    add_daemon_place(*command, options->places);
    add_common(*command, options->common, "As JSON on standard output");
    command->footer("Example:\n  reeld why harbor-teaser/sunrise\n\n"
                    "Exit codes: 0 printed, 2 there is no such shot, 4 no daemon answers.");
    command->callback([options, &code] { code = why(*options); });
}

} // namespace reeld
