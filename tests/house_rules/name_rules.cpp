#include "tests/house_rules/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <utility>

namespace reeld::test {

namespace {

bool is_header_of_program(const SourceFile& file) {
    return (file.path.starts_with("jobs/") || file.path.starts_with("daemon/")) && file.path.ends_with(".h");
}

std::string_view folder_of(std::string_view path) {
    return path.substr(0, path.rfind('/'));
}

/// The words of `line`, should it begin a definition at the left margin.
std::vector<Word> words_at_margin(std::string_view line) {
    return line.empty() || line[0] == ' ' || line[0] == '}' ? std::vector<Word>{} : words_of(line);
}

/// "Shot" of `struct Shot {`, `enum class Shot : int {` and `class Shot final : public Scene {`, not of
/// `struct Shot;` or `struct Shot::Take {`.
std::optional<std::string_view> defined_type(std::string_view line, const std::vector<Word>& words) {
    if (!line.ends_with("{")) return std::nullopt;
    std::size_t name = 1;
    if (words.size() > 2 && words[0].text == "enum" && words[1].text == "class") name = 2;
    const bool is_type = words[0].text == "struct" || words[0].text == "class" || words[0].text == "enum";
    const bool is_member = line.find("::") != line.npos && line.find("::") < line.find(" :");
    return is_type && !is_member && words.size() > name ? std::optional(words[name].text) : std::nullopt;
}

/// What the definition on a line makes impossible to define again: a type's or a constant's name, and of a
/// function, which may have overloads, the whole line.
std::optional<std::string> defined_name(std::string_view line) {
    const std::vector<Word> words = words_at_margin(line);
    if (words.empty()) return std::nullopt;
    if (const auto type = defined_type(line, words)) return std::string(*type);
    const bool is_constant = words[0].text == "constexpr" || words[0].text == "const";
    const std::size_t value = line.find_first_of("={");
    if (is_constant && line.find('(') >= value) {
        const std::vector<Word> before = words_of(line.substr(0, value));
        return std::string(before.back().text);
    }
    return line.ends_with(") {") ? std::optional(std::string(line)) : std::nullopt;
}

/// "shots" of `std::vector<Shot> shots(int count) {` and of its declaration, should the line begin one at the
/// left margin.
std::optional<std::string> function_at_margin(std::string_view line) {
    const std::size_t opening = line.find('(');
    if (opening == line.npos || line.find_first_of("={") < opening) return std::nullopt;
    const std::vector<Word> words = words_at_margin(line.substr(0, opening));
    if (words.size() < 2 || words[0].text == "using" || words[0].text == "return") return std::nullopt;
    return std::string(words.back().text);
}

/// A line of a source's unnamed namespace.
struct PrivateLine {
    std::size_t number = 0;
    std::string text;
};

/// Those of a source's unnamed namespaces; a header has none.
std::vector<PrivateLine> private_lines(const SourceFile& file) {
    std::vector<PrivateLine> lines;
    if (!file.path.ends_with(".cpp")) return lines;
    const std::string code = take_apart(file.text).code;
    std::ptrdiff_t depth = 0; // Of braces, from that of `namespace {` on.
    std::size_t number = 0;
    for (const std::string_view line : lines_of(code)) {
        ++number;
        if (depth == 0 && !line.starts_with("namespace {")) continue;
        depth += std::ranges::count(line, '{') - std::ranges::count(line, '}');
        if (depth > 0) lines.push_back({.number = number, .text = std::string(line)});
    }
    return lines;
}

struct Place {
    const SourceFile* file = nullptr;
    std::size_t line = 0;
};

/// Where each name of each scope was met first.
using FirstPlaces = std::map<std::pair<std::string, std::string>, Place>;

void note(FirstPlaces& places, const std::string& scope, const std::string& name, Place here,
          Faults& faults) {
    const auto [first, is_new] = places.try_emplace({scope, name}, here);
    if (is_new || first->second.file == here.file) return;
    faults.push_back(
        fault_at(*here.file, here.line,
                 fmt::format("{} is also in {}:{}", name, first->second.file->path, first->second.line)));
}

} // namespace

Faults private_names_twice(const std::vector<SourceFile>& files) {
    Faults faults;
    FirstPlaces places;
    for (const SourceFile& file : files) {
        const std::string scope{folder_of(file.path)};
        for (const PrivateLine& line : private_lines(file)) {
            if (const auto name = defined_name(line.text)) {
                note(places, scope, *name, {&file, line.number}, faults);
            }
        }
    }
    return faults;
}

Faults private_names_that_hide(const std::vector<SourceFile>& files) {
    std::map<std::pair<std::string_view, std::string>, const SourceFile*> shown;
    for (const SourceFile& file : files) {
        if (!file.path.ends_with(".h")) continue;
        const std::string code = take_apart(file.text).code;
        for (const std::string_view line : lines_of(code)) {
            if (auto name = function_at_margin(line)) shown[{folder_of(file.path), std::move(*name)}] = &file;
        }
    }
    Faults faults;
    for (const SourceFile& file : files) {
        for (const PrivateLine& line : private_lines(file)) {
            const auto name = function_at_margin(line.text);
            if (!name) continue;
            const auto hidden = shown.find({folder_of(file.path), *name});
            if (hidden == shown.end()) continue;
            faults.push_back(
                fault_at(file, line.number, fmt::format("{} hides that of {}", *name, hidden->second->path)));
        }
    }
    return faults;
}

Faults types_defined_twice(const std::vector<SourceFile>& files) {
    Faults faults;
    FirstPlaces places;
    for (const SourceFile& file : files) {
        if (!is_header_of_program(file)) continue;
        const std::string code = take_apart(file.text).code;
        std::string scope;
        std::size_t number = 0;
        for (const std::string_view line : lines_of(code)) {
            ++number;
            const std::vector<Word> words = words_at_margin(line);
            if (words.empty()) continue;
            if (words[0].text == "namespace") scope = line;
            const auto type = defined_type(line, words);
            if (type) note(places, scope, std::string(*type), {&file, number}, faults);
        }
    }
    return faults;
}

} // namespace reeld::test
