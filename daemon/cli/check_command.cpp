/// `reeld check`: validates storyboards and prints what would be sent. Needs no key and no network.
#include "daemon/cli/commands.h"

#include "daemon/app/default_name.h"
#include "daemon/cli/check_output.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/plan.h"
#include "daemon/cli/run_summary.h"
#include "daemon/progress/terminal.h"
#include "daemon/reader/open_storyboard.h"

#include <memory>
#include <vector>

namespace reeld {

namespace {

struct CheckOptions {
    CommonOptions common;
    std::vector<std::string> files;
};

/// Shots asked of the reading process at once.
constexpr std::size_t kShotsPerPortion = 500;

/// Reads one file to its end, on a loop of its own.
class Check {
public:
    Check(const std::string& path, const ReadLimits& limits) {
        result_.file = path;
        auto opened = open_storyboard(path, Links::follow);
        if (opened.fault) {
            result_.header.faults.push_back(*opened.fault);
            return;
        }
        reader_ = std::make_unique<StoryboardReader>(
            loop_, own_program(),
            ReadRequest{.fd = opened.fd.get(), .default_name = default_name_of(path), .limits = limits},
            [this](ReadHeader&& header) {
                result_.header = std::move(header);
                result_.header.good() ? ask() : loop_.exit(0);
            });
        loop_.run();
    }

    CheckedFile result() && { return std::move(result_); }

private:
    void ask() {
        reader_->next_shots(kShotsPerPortion,
                            [this](std::vector<StoryboardShot>&& shots, std::optional<std::string> error) {
                                if (error) result_.header.faults.push_back({.message = *error});
                                if (error || shots.empty()) return loop_.exit(0);
                                for (auto& shot : shots) result_.shots.push_back(std::move(shot));
                                ask();
                            });
    }

    Loop loop_;
    CheckedFile result_;
    std::unique_ptr<StoryboardReader> reader_;
};

int check(const CheckOptions& options) {
    const Config config = load_config_or_throw(options.common.config);
    bool good = true;
    std::vector<CheckedFile> checked;
    for (const auto& file : options.files) {
        checked.push_back(Check(file, config.storyboard).result());
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
