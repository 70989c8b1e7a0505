/// `reeld check`: validates storyboards and prints what would be sent. Needs no key and no network.
#include "daemon/cli/commands.h"

#include "daemon/cli/check_file.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/plan.h"
#include "daemon/cli/run_summary.h"
#include "daemon/progress/terminal.h"

#include <memory>
#include <vector>

namespace reeld {

namespace {

struct CheckOptions {
    CommonOptions common;
    std::vector<std::string> files;
};

int check(const CheckOptions& options) {
    const Config config = load_config_or_throw(options.common.config);
    bool good = true;
    std::vector<CheckedFile> checked;
    for (const auto& file : options.files) {
        checked.push_back(check_file(file, config.storyboard));
        good = good && checked.back().header.good();
        for (const auto& fault : checked.back().header.faults) write_stderr(render_fault(file, fault) + "\n");
        if (!options.common.json && !options.common.quiet) write_stdout(check_text(checked.back()));
    }
    if (options.common.json) write_stdout(check_json(checked) + "\n");
    return to_int(good ? ExitCode::succeeded : ExitCode::wrong);
}

} // namespace

void add_check_command(CLI::App& app, int& code) {
    auto options = std::make_shared<CheckOptions>();
    auto* command = app.add_subcommand(
        "check", "Validate storyboards and print what would be sent; needs no key and no network");
    command->add_option("FILE", options->files, "Storyboards")->required()->type_name("");
    add_common(*command, options->common, "What would be sent, and every fault, as JSON on standard output");
    command->footer("Prints, for each shot, its model and the input exactly as it would be sent. All faults "
                    "of a file are\n"
                    "reported at once, with the line and a caret, on standard error.\n\n"
                    "Exit codes: 0 all files are good, 2 some file is not.");
    command->callback([options, &code] { code = check(*options); });
}

} // namespace reeld
