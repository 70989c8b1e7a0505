#include "daemon/cli/parse_error.h"

#include "daemon/inbox/storyboard_name.h"
#include "jobs/storyboard/nearest_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace reeld {

namespace {

std::vector<std::string> command_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    return names;
}

/// Every long option of a command, with its dashes.
std::vector<std::string> option_names(const CLI::App& command) {
    std::vector<std::string> names;
    for (const auto* option : command.get_options()) {
        for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
}

std::string meant(std::string_view word, const std::vector<std::string>& names) {
    const std::vector<std::string_view> views(names.begin(), names.end());
    return did_you_mean(word, views);
}

std::string no_command(const std::string& word, const std::vector<std::string>& names) {
    if (is_storyboard_name(std::filesystem::path(word).filename().native()))
        return fmt::format("reeld: error: what to do with {}? To render it: reeld run {}\n", word, word);
    return fmt::format("reeld: error: there is no command \"{}\"{}\n'reeld --help' lists the commands.\n",
                       word, meant(word, names));
}

} // namespace

std::string explain_parse_error(const CLI::App& app, const CLI::ParseError& error,
                                const std::vector<std::string>& words) {
    if (words.empty()) return app.help();
    const auto names = command_names(app);
    const auto& first = words.front();
    if (first.starts_with('-'))
        return fmt::format("reeld: error: {}\n'reeld --help' lists the commands.\n", error.what());
    if (std::find(names.begin(), names.end(), first) == names.end()) return no_command(first, names);
    const auto options = option_names(*app.get_subcommand(first));
    for (const auto& word : words) {
        const auto name = word.substr(0, word.find('='));
        if (!name.starts_with("--") || std::find(options.begin(), options.end(), name) != options.end())
            continue;
        return fmt::format("reeld: error: '{}' has no option {}{}\n'reeld {} --help' lists them.\n",
                           "reeld " + first, name, meant(name, options), first);
    }
    return fmt::format("reeld: error: {}\n'reeld {} --help' says more.\n", error.what(), first);
}

} // namespace reeld
