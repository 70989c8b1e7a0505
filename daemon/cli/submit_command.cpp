/// `reeld submit FILE…`: hands storyboards to the daemon.
#include "daemon/cli/commands.h"

#include "daemon/cli/exit_code.h"
#include "daemon/cli/plan.h"
#include "daemon/cli/submit_files.h"
#include "daemon/control/json_output.h"
#include "daemon/progress/terminal.h"

#include <fmt/format.h>
#include <memory>

namespace reeld {

namespace {

struct SubmitOptions {
    CommonOptions common;
    PlaceOptions places;
    std::vector<std::string> files;
    SubmitWishes wishes;
};

constexpr const char* kSubmitFooter =
    R"(All files are checked first, as 'reeld check' does; a fault in one means that none is handed over. A
file with the same bytes as a batch that is unfinished, or finished less than a day ago, is not taken
again, unless --again insists. Prints the names of the batches on standard output.

Examples:
  reeld submit harbor.yaml
  reeld submit harbor.yaml docks.yaml --priority 10
  reeld wait $(reeld submit harbor.yaml)

Exit codes: 0 all were accepted, or had been before, 2 a file is faulty, with every fault, 4 no daemon
answers.)";

std::string submitted_json(const std::vector<Submitted>& all) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    json.Key("submitted");
    json.StartArray();
    for (const auto& it : all) {
        json.StartObject();
        add_member(json, "file", it.file);
        add_member(json, "batch", it.batch);
        add_member(json, "duplicate", it.duplicate);
        if (!it.duplicate) add_member(json, "shots", it.shots);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return text_of(buffer);
}

void say_submitted(const Submitted& it) {
    if (!it.duplicate) return write_stderr(accepted_line(it));
    if (it.hours_lifted)
        return write_stderr(fmt::format(
            "{}: batch {} has the same bytes; it starts now, whatever its hours\n", it.file, it.batch));
    write_stderr(
        fmt::format("{}: batch {} has the same bytes and {}; nothing new is sent (--again renders it "
                    "once more)\n",
                    it.file, it.batch, it.finished ? "finished less than a day ago" : "is not finished yet"));
}

int submit(const SubmitOptions& options) {
    const auto place = plan_journal(options.common, options.places);
    if (!check_all(options.files, place.config.storyboard)) {
        write_stderr("reeld: nothing was handed over\n");
        return to_int(ExitCode::wrong);
    }
    DaemonClient client(place.state);
    std::vector<Submitted> all;
    StdoutBetweenDeeds out;
    for (const auto& file : options.files) {
        all.push_back(submit_file(client, file, options.wishes));
        if (!options.common.quiet) say_submitted(all.back());
        if (!options.common.json) out.write(all.back().batch + "\n");
    }
    if (options.common.json) out.write(submitted_json(all) + "\n");
    out.check();
    return to_int(ExitCode::succeeded);
}

} // namespace

void add_submit_command(CLI::App& app, int& code) {
    auto options = std::make_shared<SubmitOptions>();
    auto* command = app.add_subcommand("submit", "Hand storyboards to the daemon");
    command->add_option("FILE", options->files, "Storyboards")->required()->type_name("");
    command->add_flag("--again", options->wishes.again, "Also when a batch has the same bytes");
    command->add_flag("--now", options->wishes.now,
                      "At any hour, whatever hours the storyboard or the configuration has");
    command
        ->add_option("--priority", options->wishes.priority, "Of all its shots, instead of the storyboard's")
        ->check(CLI::Range(-100, 100))
        ->type_name("N");
    add_daemon_place(*command, options->places);
    add_common(*command, options->common, "The batches as JSON on standard output");
    command->footer(kSubmitFooter);
    command->callback([options, &code] { code = submit(*options); });
}

} // namespace reeld
