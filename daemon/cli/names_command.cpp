/// `reeld names [PREFIX]`: what a shell completes BATCH and BATCH/SHOT with. Says nothing when it cannot
/// tell.
#include "daemon/cli/commands.h"

#include "daemon/cli/daemon_client.h"
#include "daemon/cli/plan.h"
#include "daemon/progress/terminal.h"
#include "jobs/eachlabs/json_body.h"

#include <memory>
#include <stdexcept>

namespace reeld {

namespace {

struct NamesOptions {
    CommonOptions common;
    PlaceOptions places;
    std::string prefix;
};

/// Nobody waits longer for a completion.
constexpr Duration kNamesTimeout = std::chrono::seconds{1};

void print_names(DaemonClient& client, const std::string& target, const char* key,
                 const std::string& before) {
    const auto answer = client.asked(target);
    const auto* names = eachlabs::member(answer, key);
    if (names == nullptr || !names->IsArray()) return;
    std::string text;
    for (const auto& name : names->GetArray()) text += before + std::string(eachlabs::string_of(name)) + "\n";
    write_stdout(text);
}

void print_names(const NamesOptions& options) {
    DaemonClient client(plan_journal(options.common, options.places).state);
    LoopTimer patience(client.loop(), [&] { client.loop().exit(0); });
    patience.arm_after(kNamesTimeout);
    const auto slash = options.prefix.find('/');
    if (slash == std::string::npos) return print_names(client, "/v1/names", "batches", "");
    const auto batch = options.prefix.substr(0, slash);
    print_names(client, "/v1/names?batch=" + url_encoded(batch), "shots", batch + "/");
}

} // namespace

void add_names_command(CLI::App& app, int& code) {
    auto options = std::make_shared<NamesOptions>();
    auto* command = app.add_subcommand("names", "Names of batches, or with BATCH/ of its shots");
    command->group(""); // Not for people: no help lists it.
    command->add_option("PREFIX", options->prefix, "What was typed so far")->type_name("");
    add_daemon_place(*command, options->places);
    add_common(*command, options->common, "");
    command->callback([options, &code] {
        try {
            print_names(*options);
        } catch (const std::exception&) {
            code = 0; // A completion that cannot help is silent.
        }
    });
}

} // namespace reeld
