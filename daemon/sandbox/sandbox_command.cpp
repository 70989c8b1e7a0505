#include "daemon/sandbox/sandbox_command.h"

#include "jobs/text/number.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <map>

namespace reeld {

namespace {

using sandbox::ProviderOptions;

/// Larger numbers are typing errors, and in microseconds some would not fit.
constexpr double kTimeNumberMax = 1e6;

/// "250ms", "8s", "1.5m", "1h". Throws CLI::ValidationError with the flag's name.
Duration read_duration(const std::string& flag, std::string_view text) {
    static const std::map<std::string_view, double> kUnitsUs = {
        {"ms", 1e3}, {"s", 1e6}, {"m", 60e6}, {"h", 3600e6}};
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto unit = kUnitsUs.find(text.substr(static_cast<std::size_t>(end - text.data())));
    if (error != std::errc{} || unit == kUnitsUs.end() || !(std::abs(number) <= kTimeNumberMax)) {
        throw CLI::ValidationError(flag, fmt::format("{} is not a time; write 500ms, 60s, 2m or 1h", text));
    }
    return Duration{static_cast<Duration::rep>(number * unit->second)};
}

double read_share(const std::string& flag, std::string_view text) {
    const auto share = to_number<double>(text);
    if (!share) throw CLI::ValidationError(flag, fmt::format("\"{}\" is not a number between 0 and 1", text));
    return *share;
}

/// NAME=VALUE; the value is empty when there is no '='.
std::pair<std::string, std::string> split(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) return {text, {}};
    return {text.substr(0, equals), text.substr(equals + 1)};
}

void read_failures(const std::vector<std::string>& pairs, ProviderOptions& options) {
    for (const std::string& pair : pairs) {
        const auto [name, share] = split(pair);
        const auto ending = sandbox::failure_named(name);
        if (!ending) {
            throw CLI::ValidationError("--fail", fmt::format("there is no failure \"{}\"; the end of --help "
                                                             "lists them",
                                                             name));
        }
        options.fail.at(static_cast<std::size_t>(*ending)) = read_share("--fail " + name, share);
    }
}

void read_misbehaviours(const std::vector<std::string>& pairs, ProviderOptions& options) {
    for (const std::string& pair : pairs) {
        const auto [name, share] = split(pair);
        const auto what = sandbox::misbehaviour_named(name);
        if (!what) {
            throw CLI::ValidationError("--misbehave",
                                       fmt::format("there is no misbehaviour \"{}\"; the end of "
                                                   "--help lists them",
                                                   name));
        }
        options.misbehave.at(static_cast<std::size_t>(*what)) = read_share("--misbehave " + name, share);
    }
}

void read_models(const std::vector<std::string>& pairs, ProviderOptions& options) {
    for (const std::string& pair : pairs) {
        const auto [slug, time] = split(pair);
        sandbox::ExtraModel model{.slug = slug};
        if (!time.empty()) model.typical_time = read_duration("--model " + slug, time);
        options.models.push_back(std::move(model));
    }
}

CLI::Option* add_time(CLI::App& command, const std::string& flag, const std::string& shown_default,
                      const std::string& does, const std::function<void(Duration)>& store) {
    return command
        .add_option_function<std::string>(
            flag, [flag, store](const std::string& text) { store(read_duration(flag, text)); }, does)
        ->type_name("TIME")
        ->default_str(shown_default);
}

/// An option that is one of some words; the first is the default. `does` ends where the words are listed.
template <typename Word>
void add_word(CLI::App& command, const std::string& flag, const std::string& does,
              const std::vector<std::pair<std::string, Word>>& words, Word& target) {
    std::string listed;
    for (const auto& [name, word] : words) listed += (listed.empty() ? "" : ", ") + name;
    const auto store = [flag, words, listed, &target](const std::string& text) {
        for (const auto& [name, word] : words) {
            if (name != text) continue;
            target = word;
            return;
        }
        throw CLI::ValidationError(flag, fmt::format("\"{}\" is none of {}", text, listed));
    };
    command.add_option_function<std::string>(flag, store, does + ": " + listed)
        ->type_name("WORD")
        ->default_str(words.front().first);
}

/// An option that may be given again and again, each time with one NAME=VALUE.
void add_pairs(CLI::App& command, const std::string& flag, const std::string& form, const std::string& does,
               const std::function<void(const std::vector<std::string>&)>& read) {
    command.add_option_function<std::vector<std::string>>(flag, read, does)
        ->type_name(form)
        ->allow_extra_args(false);
}

void add_place(CLI::App& command, SandboxOptions& options) {
    command.add_option("--port", options.port, "Port on 127.0.0.1; 0 takes a free one")
        ->capture_default_str();
    command
        .add_option("--state", options.state,
                    "Keep the predictions in this file, so that a sandbox started again still knows them")
        ->type_name("FILE");
    command
        .add_option("--ready-fd", options.ready_fd,
                    "Write the base URL to this descriptor, which the parent opened, and close it")
        ->type_name("N");
    command.add_option("--key", options.provider.key, "The only API key to accept; any key if not given");
    add_pairs(command, "--model", "SLUG[=TIME]",
              "A model beside the two Kling ones, which takes any input; again for more",
              [&options](const std::vector<std::string>& pairs) { read_models(pairs, options.provider); });
}

void add_limits(CLI::App& command, ProviderOptions& options) {
    command.add_option("--creates", options.limits.creates, "Creates in any window of --per; then 429")
        ->capture_default_str();
    add_time(command, "--per", "60s", "Length of that window, in wall-clock time whatever the --speed",
             [&options](Duration per) { options.limits.per = per; });
    command.add_option("--concurrent", options.limits.concurrent, "Predictions at once; then 429")
        ->capture_default_str();
    add_word<sandbox::RetryAfter>(command, "--retry-after", "Retry-After of a 429 over the rate",
                                  {{"seconds", sandbox::RetryAfter::seconds},
                                   {"date", sandbox::RetryAfter::date},
                                   {"none", sandbox::RetryAfter::none}},
                                  options.retry_after);
}

void add_pace(CLI::App& command, ProviderOptions& options) {
    add_time(command, "--time", "by model", "Mean time of a render",
             [&options](Duration time) { options.time = time; });
    command
        .add_option("--spread", options.spread, "Standard deviation of render times, as a part of their mean")
        ->capture_default_str();
    command
        .add_option("--speed", options.speed,
                    "Renders are this much faster; the limits' window stays as it is")
        ->capture_default_str();
    command.add_option("--seed", options.seed, "Another seed draws other times, failures and misbehaviours")
        ->capture_default_str();
}

void add_moods(CLI::App& command, ProviderOptions& options) {
    add_pairs(command, "--fail", "REASON=SHARE",
              "The share of predictions that end so; again for other reasons",
              [&options](const std::vector<std::string>& pairs) { read_failures(pairs, options); });
    add_pairs(command, "--misbehave", "NAME=PROBABILITY",
              "The share of requests that are treated so; again for other names",
              [&options](const std::vector<std::string>& pairs) { read_misbehaviours(pairs, options); });
    command
        .add_option("--foreign", options.foreign,
                    "So many predictions of another program in the list: half of them from the start, the "
                    "others equal to one that was just created; they use nothing of the limits")
        ->type_name("N")
        ->capture_default_str();
    add_word<sandbox::OutputShape>(command, "--output-shape", "Form of a result",
                                   {{"string", sandbox::OutputShape::string},
                                    {"array", sandbox::OutputShape::array},
                                    {"object", sandbox::OutputShape::object},
                                    {"objects", sandbox::OutputShape::objects},
                                    {"mixed", sandbox::OutputShape::mixed}},
                                   options.output_shape);
    add_word<sandbox::ErrorShape>(command, "--error-shape",
                                  "Form of an error body, as in the provider's two documents",
                                  {{"both", sandbox::ErrorShape::both},
                                   {"pages", sandbox::ErrorShape::pages},
                                   {"openapi", sandbox::ErrorShape::openapi}},
                                  options.error_shape);
}

std::string lessons() {
    std::string text = "Reasons for --fail:\n ";
    for (std::size_t i = 0; i < sandbox::kEndings; ++i) {
        const std::string_view name = sandbox::words_of(static_cast<sandbox::Ending>(i)).name;
        if (sandbox::failure_named(name)) text += fmt::format(" {}", name);
    }
    text += "\n\nNames for --misbehave; those on one kind of request may add up to 1:\n";
    for (const sandbox::MisbehaviourWords& words : sandbox::all_misbehaviours()) {
        text += fmt::format("  {:<20}{}\n", words.name, words.does);
    }
    text += R"(
While it runs, GET /report on its port tells what the client did so far, and at the end it prints the same:
creates and refusals, inputs created twice, and how close the client came to the ideal schedule under the
limits. A create with a webhook_url on this machine is told of its end there, up to three times until it
says 2xx; one that leads elsewhere is accepted and never called.

Examples:
  reeld sandbox --port 8080
      A provider at its usual pace. Point api.base_url at http://127.0.0.1:8080/v1; any key will do.
  reeld sandbox --speed 80
      Renders in about two seconds; the limits are 100 creates in 60 s and 10 at once, as always.
  reeld sandbox --time 8s --creates 5 --per 10s --concurrent 3
      A narrow account, to watch a queue obey it.
  reeld sandbox --speed 80 --fail moderation=0.02 --fail provider=0.05
      Some renders fail, for good or to be tried again.
  reeld sandbox --speed 80 --misbehave create-lost=0.1 --misbehave create-500-created=0.1
      A fifth of the creates cost money without saying so: does the client pay twice?
)";
    return text;
}

} // namespace

CLI::App* add_sandbox_command(CLI::App& app, SandboxOptions& options) {
    CLI::App* command = app.add_subcommand(
        "sandbox",
        "A stand-in for the provider on a loopback port: enforces its limits, misbehaves on request");
    add_place(*command, options);
    add_limits(*command, options.provider);
    add_pace(*command, options.provider);
    add_moods(*command, options.provider);
    command->footer(lessons());
    return command;
}

} // namespace reeld
