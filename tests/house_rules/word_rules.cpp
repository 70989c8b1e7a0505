#include "tests/house_rules/rules.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace reeld::test {

namespace {

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_letter(char c) {
    return is_upper(c) || (c >= 'a' && c <= 'z');
}

char to_lower(char c) {
    return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

/// "poll_schedule.h", "PollSchedule" and "HTTPPoll" in lower-case words: "poll", "schedule", "h".
std::vector<std::string> parts_of(std::string_view name) {
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool after_lower = i > 0 && is_letter(name[i - 1]) && !is_upper(name[i - 1]);
        const bool before_lower = i + 1 < name.size() && is_letter(name[i + 1]) && !is_upper(name[i + 1]);
        if (is_upper(name[i]) && (after_lower || before_lower)) parts.emplace_back();
        if (is_letter(name[i])) {
            parts.back().push_back(to_lower(name[i]));
        } else {
            parts.emplace_back();
        }
    }
    return parts;
}

/// The word in `name` that says nothing, or an empty string.
std::string empty_word(std::string_view name) {
    constexpr std::array<std::string_view, 15> kEmpty = {
        "manager", "managers", "helper",  "helpers",   "util", "utils", "utility", "utilities",
        "handler", "handlers", "process", "processor", "data", "info",  "misc"};
    for (const std::string& part : parts_of(name)) {
        if (std::ranges::count(kEmpty, part) > 0) return part;
    }
    return {};
}

/// The names that `class`, `struct`, `union`, `enum` and `using` give.
std::vector<Word> type_names(std::string_view code) {
    constexpr std::array<std::string_view, 5> kIntroducers = {"class", "struct", "union", "enum", "using"};
    const std::vector<Word> words = words_of(code);
    std::vector<Word> names;
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (std::ranges::count(kIntroducers, words[i - 1].text) == 0) continue;
        const char next = next_visible(code, words[i].position + words[i].text.size());
        if (next == '{' || next == '=' || next == ';' || next == ':') names.push_back(words[i]);
    }
    return names;
}

} // namespace

Faults empty_names(const SourceFile& file) {
    Faults faults;
    const std::string path = file.path.starts_with("tests/data/") ? file.path.substr(11) : file.path;
    if (const std::string word = empty_word(path); !word.empty()) {
        faults.push_back(fault_at(file, 1, fmt::format("\"{}\" in a file's name says nothing", word)));
    }
    const std::string code = take_apart(file.text).code;
    for (const Word& name : type_names(code)) {
        const std::string word = empty_word(name.text);
        if (word.empty()) continue;
        faults.push_back(fault_at(file, line_at(code, name.position),
                                  fmt::format("\"{}\" in the type name {} says nothing", word, name.text)));
    }
    return faults;
}

Faults notes_to_self(const SourceFile& file) {
    constexpr std::array<std::string_view, 4> kNotes = {"TODO", "FIXME", "XXX", "HACK"};
    Faults faults;
    const std::string comments = take_apart(file.text).comments;
    for (const Word& word : words_of(comments)) {
        if (std::ranges::count(kNotes, word.text) == 0) continue;
        faults.push_back(
            fault_at(file, line_at(comments, word.position), fmt::format("{} in a comment", word.text)));
    }
    return faults;
}

Faults switched_off(const SourceFile& file) {
    constexpr std::array<std::string_view, 4> kDecorators = {"skip", "may_fail", "should_fail",
                                                             "expected_failures"};
    Faults faults;
    const SourceText parts = take_apart(file.text);
    if (const std::size_t at = parts.directives.find("#if 0"); at != std::string::npos) {
        faults.push_back(fault_at(file, line_at(file.text, at), "code that is switched off is deleted"));
    }
    for (const Word& word : words_of(parts.comments)) {
        const char next = next_visible(parts.comments, word.position + word.text.size());
        if (!word.text.starts_with("NOLINT") || word.text == "NOLINTEND" || next == '(') continue;
        faults.push_back(
            fault_at(file, line_at(file.text, word.position), "a NOLINT names its check and says why"));
    }
    for (const Word& word : words_of(parts.code)) {
        const bool of_doctest = std::string_view(parts.code).substr(0, word.position).ends_with("doctest::");
        if (!of_doctest || std::ranges::count(kDecorators, word.text) == 0) continue;
        faults.push_back(
            fault_at(file, line_at(file.text, word.position), "a test that is switched off is deleted"));
    }
    return faults;
}

Faults test_names_that_are_no_sentences(const SourceFile& file) {
    Faults faults;
    const std::string code = take_apart(file.text).code;
    for (const Word& word : words_of(code)) {
        const std::size_t open = word.position + word.text.size();
        if (word.text != "TEST_CASE" || !std::string_view(code).substr(open).starts_with("(\"")) continue;
        const std::size_t begin = open + 2;
        const std::string name = file.text.substr(begin, code.find('"', begin) - begin);
        if (std::ranges::count(name, ' ') >= 2 && !name.ends_with('.')) continue;
        faults.push_back(fault_at(file, line_at(code, open), fmt::format("\"{}\" is no sentence", name)));
    }
    return faults;
}

Faults private_places(const SourceFile& file) {
    // In pieces, so that this file may hold them.
    const std::array<std::string, 4> places = {std::string("/ho") + "me/", std::string("/wo") + "rk/",
                                               std::string("/ro") + "ot/", std::string("/tmp") + "/wt"};
    Faults faults;
    for (const std::string& place : places) {
        for (std::size_t at = file.text.find(place); at != std::string::npos;
             at = file.text.find(place, at + 1)) {
            const bool inside_path = at > 0 && (is_letter(file.text[at - 1]) || file.text[at - 1] == '.');
            if (inside_path) continue;
            faults.push_back(
                fault_at(file, line_at(file.text, at), fmt::format("{} is on one machine only", place)));
        }
    }
    return faults;
}

} // namespace reeld::test
