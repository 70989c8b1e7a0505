/// `reeld models`: the catalog, and one model's parameters.
#include "daemon/cli/commands.h"

#include "daemon/cli/exit_code.h"
#include "daemon/cli/models_output.h"
#include "daemon/cli/plan.h"
#include "daemon/cli/run_summary.h"
#include "daemon/net/http.h"
#include "daemon/progress/terminal.h"
#include "jobs/eachlabs/answers.h"
#include "jobs/eachlabs/requests.h"

#include <fmt/format.h>
#include <memory>

namespace reeld {

namespace {

struct ModelsOptions {
    CommonOptions common;
    std::string slug;
};

/// Asks the provider for a model's schema, and adds it to the catalog. Returns why it cannot be had.
std::string look_up(Catalog& catalog, const std::string& slug, const Config& config) {
    Loop loop;
    Http http(loop, {});
    HttpAnswer answer;
    http.start({.url = config.api.base_url + eachlabs::model_call(slug).path,
                .connect_timeout = config.api.connect_timeout,
                .total_timeout = config.api.poll_timeout},
               [&](HttpAnswer&& it) {
                   answer = std::move(it);
                   loop.exit(0);
               });
    loop.run();
    if (answer.outcome != HttpAnswer::Outcome::answered) return answer.cause;
    const auto verdict = eachlabs::read_model({.status = answer.status,
                                               .body = answer.body,
                                               .retry_after = {},
                                               .date = {},
                                               .content_type = answer.content_type});
    if (verdict.schema.empty()) return verdict.error;
    return catalog.learn(slug, verdict.schema).value_or("");
}

int show_model(const ModelsOptions& options) {
    Catalog catalog;
    if (catalog.find(options.slug) == nullptr) {
        const auto why = look_up(catalog, options.slug, load_config_or_throw(options.common.config));
        if (!why.empty()) {
            write_stderr(fmt::format(
                "reeld: error: no model {} in the catalog, and the provider was no help: {}. 'reeld models' "
                "lists the catalog; a storyboard may name other models, whose input is then sent as it is "
                "typed\n",
                options.slug, why));
            return to_int(ExitCode::wrong);
        }
    }
    const auto& model = *catalog.find(options.slug);
    write_stdout(options.common.json ? model_json(model) + "\n" : model_text(model));
    return to_int(ExitCode::succeeded);
}

int show_catalog(const ModelsOptions& options) {
    const Catalog catalog;
    write_stdout(options.common.json ? catalog_json(catalog) + "\n" : catalog_text(catalog));
    return to_int(ExitCode::succeeded);
}

} // namespace

void add_models_command(CLI::App& app, int& code) {
    auto options = std::make_shared<ModelsOptions>();
    auto* command = app.add_subcommand(
        "models", "List the models whose input reeld can check, or one model's parameters");
    command
        ->add_option("SLUG", options->slug,
                     "A model; one that is not in the catalog is looked up at the provider")
        ->type_name("");
    add_common(*command, options->common, "As JSON on standard output");
    command->footer("A storyboard may name any model by its slug. The input of those listed here is checked "
                    "and typed before\n"
                    "anything is sent; that of others by the schema that the provider publishes, when it can "
                    "be reached.");
    command->callback(
        [options, &code] { code = options->slug.empty() ? show_catalog(*options) : show_model(*options); });
}

} // namespace reeld
