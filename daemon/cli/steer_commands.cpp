/// Commands that act on what a daemon renders: cancel, retry, resolve, pause, resume, priority.
#include "daemon/cli/commands.h"

#include "daemon/cli/command_line.h"
#include "daemon/cli/daemon_client.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/plan.h"
#include "daemon/cli/status_output.h"
#include "daemon/control/json_output.h"
#include "daemon/progress/terminal.h"
#include "jobs/eachlabs/json_body.h"
#include "jobs/eachlabs/prediction_id.h"
#include "jobs/text/number.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <vector>

namespace reeld {

namespace {

struct SteerOptions {
    CommonOptions common;
    PlaceOptions places;
    std::vector<std::string> names;
    std::string created;     ///< The prediction of a shot to resolve.
    std::string not_created; ///< "true", or of which create; see Finding.
    int priority = 0;
};

constexpr const char* kSteerCodes =
    "\n\nExit codes: 0 done, 2 it cannot be done, with the reason, 4 no daemon answers.";

using Say = std::function<std::string(const ShotName&, const rapidjson::Value& answer)>;

DaemonClient client_for(const SteerOptions& options) {
    return DaemonClient(plan_journal(options.common, options.places).state);
}

/// Does `deed` to each of the names, in order. One that is refused, such as a shot that has just ended, keeps
/// it from none of the others.
int each(const SteerOptions& options, const std::string& deed, const std::string& body, const Say& say) {
    std::vector<ShotName> names;
    for (const auto& word : options.names) names.push_back(read_shot_name(word));
    for (const auto& name : names) {
        if (!name.shot.empty() && (deed == "pause" || deed == "resume" || deed == "priority"))
            throw PlanError(
                fmt::format("reeld: error: '{}' is for whole batches: write {}", deed, name.batch));
    }
    if (names.empty()) names.push_back({}); // The account.
    auto client = client_for(options);
    auto code = ExitCode::succeeded;
    StdoutBetweenDeeds out;
    for (const auto& name : names) {
        const auto target = name.batch.empty() ? "/v1/" + deed : name.target() + "/" + deed;
        const auto answer = client.post(target, body);
        try {
            require_good(answer);
        } catch (const PlanError& refused) {
            write_stderr(refused.what() + std::string("\n"));
            code = ExitCode::wrong;
            continue;
        }
        if (options.common.json) out.write(answer.text + "\n");
        if (!options.common.json && !options.common.quiet) write_stderr(say(name, answer.body) + "\n");
    }
    out.check();
    return to_int(code);
}

std::string full(const ShotName& name) {
    return name.shot.empty() ? name.batch : name.batch + "/" + name.shot;
}

std::string shots_words(std::int64_t number) {
    return fmt::format("{} shot{}", number, number == 1 ? "" : "s");
}

std::string say_cancelled(const ShotName& name, const rapidjson::Value& answer) {
    const auto changed = number_of(answer, "changed");
    if (changed == 0) return fmt::format("{}: nothing is left to cancel", full(name));
    if (name.shot.empty())
        return fmt::format("{}: {} cancelled; those at the provider are cancelled there", name.batch,
                           shots_words(changed));
    const auto* shot = eachlabs::member(answer, "shot");
    const bool ended = shot != nullptr && eachlabs::string_member(*shot, "state") == "cancelled";
    return fmt::format("{} is {}", full(name), ended ? "cancelled" : "being cancelled at the provider");
}

std::string say_retried(const ShotName& name, const rapidjson::Value& answer) {
    const auto changed = number_of(answer, "changed");
    if (changed == 0) return fmt::format("{}: no shot of it has failed or was cancelled", name.batch);
    return name.shot.empty() ? fmt::format("{}: {} queued once more", name.batch, shots_words(changed))
                             : full(name) + " is queued once more";
}

std::string say_paused(const ShotName& name, const rapidjson::Value& answer) {
    const auto whose = name.batch.empty() ? std::string("all creates are") : name.batch + " is";
    const bool before = number_of(answer, "changed") == 0;
    return fmt::format("{} paused{}; what is under way goes on", whose, before ? " already" : "");
}

std::string say_resumed(const ShotName& name, const rapidjson::Value& answer) {
    if (number_of(answer, "changed") == 0)
        return name.batch.empty() ? "creates were not paused" : name.batch + " was not paused";
    return name.batch.empty() ? "all creates are resumed" : name.batch + " is resumed";
}

[[noreturn]] void throw_number_missing(const std::string& words) {
    throw PlanError(
        fmt::format("reeld: error: --not-created={}: write --not-created, or --not-created=2 the second "
                    "time that the shot is held",
                    words));
}

/// The number in `--not-created=2`; 1 without one. Nothing when it is not said at all.
std::optional<int> read_not_created(const std::string& words) {
    if (words.empty()) return std::nullopt;
    const auto nth = words == "true" ? std::optional(1) : to_number<int>(words);
    if (nth && *nth > 0) return nth;
    throw_number_missing(words);
}

int resolve(const SteerOptions& options) {
    // As of a script's variable that is empty: the parser takes it for the bare flag.
    for (const auto& word : own_words()) {
        constexpr std::string_view kNumbered = "--not-created=";
        if (word.starts_with(kNumbered) && !to_number<int>(std::string_view(word).substr(kNumbered.size())))
            throw_number_missing(word.substr(kNumbered.size()));
    }
    const auto not_created = read_not_created(options.not_created);
    if (options.created.empty() != not_created.has_value())
        throw PlanError("reeld: error: say what became of the create: --created ID with the prediction that "
                        "you found at the provider, or --not-created when there is none (--not-created=2 the "
                        "second time that the shot is held)");
    if (read_shot_name(options.names.front()).shot.empty())
        throw PlanError("reeld: error: a shot is resolved, not a batch: write BATCH/SHOT");
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    not_created ? add_member(json, "not_created", *not_created)
                : add_member(json, "created", options.created);
    json.EndObject();
    return each(options, "resolve", text_of(buffer), [&](const ShotName& name, const auto&) {
        return not_created ? full(name) + " is queued once more: its create made nothing, as you say"
                           : fmt::format("{} goes on as prediction {}", full(name), options.created);
    });
}

CLI::App* add_steer(CLI::App& app, const char* name, const char* about, SteerOptions& options,
                    const std::string& footer) {
    auto* command = app.add_subcommand(name, about);
    add_daemon_place(*command, options.places);
    add_common(*command, options.common, "The daemon's answer as JSON on standard output");
    command->footer(footer + kSteerCodes);
    return command;
}

void add_cancel(CLI::App& app, int& code) {
    auto options = std::make_shared<SteerOptions>();
    auto* command = add_steer(
        app, "cancel", "Cancel shots, or whole batches, that are not final", *options,
        "What waits is cancelled at once; what renders is cancelled at the provider, and "
        "may be billed. What takes longer than polling.give_up, and is cancelled for the second "
        "time, is awaited no more.\n\nExamples:\n  reeld cancel harbor-teaser/sunrise\n  reeld cancel "
        "harbor-teaser");
    command->add_option("NAME", options->names, "BATCH or BATCH/SHOT")->required()->type_name("");
    command->callback([options, &code] { code = each(*options, "cancel", "", say_cancelled); });
}

void add_retry(CLI::App& app, int& code) {
    auto options = std::make_shared<SteerOptions>();
    auto* command = add_steer(
        app, "retry", "Render once more what has failed or was cancelled", *options,
        "Each shot gets all its attempts anew, and each attempt is billed. A finished batch is "
        "unfinished again;\nits manifest.json is written anew when all is final.\n\nExamples:\n  reeld "
        "retry harbor-teaser/storm\n  reeld retry harbor-teaser");
    command->add_option("NAME", options->names, "BATCH or BATCH/SHOT")->required()->type_name("");
    command->callback([options, &code] { code = each(*options, "retry", "", say_retried); });
}

void add_resolve(CLI::App& app, int& code) {
    auto options = std::make_shared<SteerOptions>();
    options->names.resize(1);
    auto* command = add_steer(
        app, "resolve", "Say what became of the create of a held shot", *options,
        "A held shot's create got no answer and may have been billed. Look for it at the provider; 'reeld "
        "report'\nhas its time and its request id.\n\nExamples:\n  reeld resolve harbor-teaser/sunrise "
        "--created "
        "9f3c...\n  reeld resolve harbor-teaser/sunrise --not-created");
    command->add_option("SHOT", options->names.front(), "BATCH/SHOT")->required()->type_name("");
    command->add_option("--created", options->created, "The prediction that it made")
        ->type_name("ID")
        ->check([](const std::string& id) -> std::string {
            return eachlabs::is_prediction_id(id) ? "" : "no id of the provider's looks like \"" + id + "\"";
        });
    command
        ->add_flag(
            "--not-created", options->not_created,
            "It made none: render the shot once more. The second time that it is held: --not-created=2")
        ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
    command->callback([options, &code] { code = resolve(*options); });
}

void add_pause(CLI::App& app, int& code, bool pauses) {
    auto options = std::make_shared<SteerOptions>();
    auto* command =
        pauses
            ? add_steer(app, "pause", "Send no new creates, of a batch or of all; what is under way goes on",
                        *options,
                        "A pause holds until 'reeld resume', restarts included. A batch's is beside that of "
                        "all.\n\nExamples:\n  reeld pause\n  reeld pause harbor-teaser")
            : add_steer(app, "resume", "Go on with what was paused", *options,
                        "Examples:\n  reeld resume\n  reeld resume harbor-teaser");
    command->add_option("BATCH", options->names, "A batch; none: all of them")->type_name("");
    command->callback([options, &code, pauses] {
        code = pauses ? each(*options, "pause", "", say_paused) : each(*options, "resume", "", say_resumed);
    });
}

void add_priority(CLI::App& app, int& code) {
    auto options = std::make_shared<SteerOptions>();
    options->names.resize(1);
    auto* command =
        add_steer(app, "priority", "Serve a batch before others, or after them", *options,
                  "Higher first, -100 to 100; it holds for all shots of the batch, whatever the "
                  "storyboard says of each.\n\nExamples:\n  reeld priority harbor-teaser 10\n  reeld "
                  "priority night-train -5");
    command->add_option("BATCH", options->names.front(), "A batch")->required()->type_name("");
    command->add_option("N", options->priority, "-100 to 100")->required()->type_name("");
    command->callback([options, &code] {
        code = each(*options, "priority", fmt::format(R"({{"priority":{}}})", options->priority),
                    [&](const ShotName& name, const auto&) {
                        return fmt::format("{} has priority {} now", name.batch, options->priority);
                    });
    });
}

} // namespace

void add_steer_commands(CLI::App& app, int& code) {
    add_cancel(app, code);
    add_retry(app, code);
    add_resolve(app, code);
    add_pause(app, code, true);
    add_pause(app, code, false);
    add_priority(app, code);
}

} // namespace reeld
