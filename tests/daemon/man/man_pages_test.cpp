#include "daemon/config/setting.h"
#include "jobs/storyboard/storyboard_keys.h"
#include "tests/support/night.h"
#include "tests/support/places.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

namespace reeld::test {

namespace {

using Words = std::set<std::string>;

std::vector<std::string> lines_of_text(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// The lines of a page below each of its headings, sections (.Sh) and subsections (.Ss) alike.
std::map<std::string, std::vector<std::string>> page(const std::string& name) {
    const std::string text = read_file(source_folder() + "/daemon/man/" + name);
    REQUIRE(!text.empty());
    std::map<std::string, std::vector<std::string>> parts;
    std::string heading;
    for (const std::string& line : lines_of_text(text)) {
        if (line.starts_with(".Sh ") || line.starts_with(".Ss "))
            heading = line.substr(4);
        else
            parts[heading].push_back(line);
    }
    return parts;
}

/// "-q" and "--quiet" of `.It Fl q , Fl -quiet`.
Words options_of(const std::vector<std::string>& lines) {
    Words options;
    for (const std::string& line : lines) {
        if (!line.starts_with(".It Fl ")) continue;
        std::istringstream words(line);
        for (std::string word; words >> word;) {
            if (word == "Fl" && words >> word) options.insert("-" + word);
        }
    }
    return options;
}

/// The texts below each `.It Cm <key>`, as one line each, without roff's marks.
std::vector<std::pair<std::string, std::string>> keys_of(const std::vector<std::string>& lines) {
    std::vector<std::pair<std::string, std::string>> keys;
    for (const std::string& line : lines) {
        if (line.starts_with(".It Cm ")) {
            keys.emplace_back(line.substr(7), "");
        } else if (!keys.empty()) {
            keys.back().second += line + " ";
        }
    }
    return keys;
}

Words names_of(const std::vector<std::pair<std::string, std::string>>& keys) {
    Words names;
    for (const auto& key : keys) names.insert(key.first);
    return names;
}

std::string help_of(const std::string& command) {
    ProgramStart start{.words = {reeld_program()}, .environment = {}, .folder = {}};
    if (!command.empty()) start.words.push_back(command);
    start.words.emplace_back("--help");
    const auto end = run_program(start);
    REQUIRE(end.exit_code == 0);
    return end.out;
}

/// "-q" and "--quiet" of "  -q,--quiet   Say nothing".
Words options_in_help(const std::string& command) {
    Words options;
    for (const std::string& line : lines_of_text(help_of(command))) {
        if (!line.starts_with("  -")) continue;
        std::istringstream names(line.substr(2, line.find(' ', 2) - 2));
        for (std::string name; std::getline(names, name, ',');) options.insert(name);
    }
    return options;
}

Words commands_in_help() {
    Words commands;
    bool here = false;
    for (const std::string& line : lines_of_text(help_of(""))) {
        if (here && line.empty()) break;
        if (here) commands.insert(line.substr(2, line.find(' ', 2) - 2));
        here = here || line == "Subcommands:";
    }
    return commands;
}

Words without(const Words& all, const Words& some) {
    Words rest;
    std::ranges::set_difference(all, some, std::inserter(rest, rest.end()));
    return rest;
}

} // namespace

TEST_CASE("reeld(1) has every command and every option of the program, and no others") {
    const auto parts = page("reeld.1");
    const Words shared = options_of(parts.at("OPTIONS OF SEVERAL COMMANDS"));
    const Words commands = commands_in_help();
    REQUIRE(commands.size() > 10);
    Words all_options = options_in_help("");
    for (const std::string& command : commands) {
        CAPTURE(command);
        REQUIRE(parts.contains(command));
        const Words taken = options_in_help(command);
        const Words described = options_of(parts.at(command));
        CHECK(without(without(taken, shared), described) == Words{});
        CHECK(without(described, taken) == Words{});
        all_options.insert(taken.begin(), taken.end());
    }
    CHECK(without(shared, all_options) == Words{});
    for (const auto& [heading, lines] : parts) {
        const bool is_command = std::ranges::any_of(heading, [](char c) { return c >= 'a' && c <= 'z'; });
        const std::string& where = heading; // Clang 14 captures no structured bindings.
        CAPTURE(where);
        if (is_command) CHECK(commands.contains(heading));
    }
}

TEST_CASE("reeld.yaml(5) has every setting with its meaning, its bounds and its default, in order") {
    const auto described = keys_of(page("reeld.yaml.5").at("SETTINGS"));
    REQUIRE(described.size() == settings().size());
    for (std::size_t i = 0; i < described.size(); ++i) {
        const Setting& setting = settings()[i];
        const std::string value = show(setting, Config{});
        CAPTURE(setting.key);
        CHECK(described[i].first == setting.key);
        CHECK(described[i].second.find(fmt::format("{}. Takes {}. Default: {}. ", setting.meaning,
                                                   takes(setting), value.empty() ? "none" : value)) !=
              std::string::npos);
    }
}

TEST_CASE("reeld-storyboard(5) has every key of a storyboard and of a shot, and no others") {
    const auto parts = page("reeld-storyboard.5");
    CHECK(names_of(keys_of(parts.at("THE STORYBOARD'S KEYS"))) ==
          Words(kStoryboardKeys.begin(), kStoryboardKeys.end()));
    CHECK(names_of(keys_of(parts.at("A SHOT'S KEYS"))) == Words(kShotKeys.begin(), kShotKeys.end()));
}

} // namespace reeld::test
