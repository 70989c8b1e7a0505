#include "jobs/storyboard/yaml_syntax.h"

#include <array>

namespace reeld {

namespace {

struct Row {
    std::string_view parser_message; ///< How it begins.
    SyntaxAdvice advice;
};

constexpr std::string_view kIndentation =
    "this does not fit to the lines above: check its indentation, and the quotes and comments before it";
constexpr std::string_view kAfterQuotes =
    "the text in quotes ends before this: put all of it in quotes; within '…' write '' for an apostrophe, "
    "within \"…\" write \\\" for a quote";
constexpr std::string_view kAfterBrackets =
    "the brackets end before this: put quotes around a text that begins with a bracket";
constexpr std::string_view kColon = "\":\" has no place here: put quotes around a text that holds \": \", "
                                    "give each key a line of its own, and "
                                    "check the indentation and the line above";
constexpr std::string_view kTab = "a tab cannot indent in YAML: use spaces";
constexpr std::string_view kDirective =
    "\"%YAML 1.2\" is the only line of this kind that is of use, and once: mend or remove this one";
constexpr std::string_view kBeginning = "a text cannot begin like this: put quotes around it";
constexpr std::string_view kBlockText =
    "after \"|\" or \">\" the text begins on the next line: put quotes around a text that begins with one";

constexpr auto kRows = std::to_array<Row>({
    {"illegal map value", {kColon}},
    {"illegal block entry",
     {"a list element (\"- \") has no place here: it needs a line of its own, indented with spaces (tabs do "
      "not indent), and stands in no brackets"}},
    {"illegal map key", {"\"? \" has no place here: put quotes around the text"}},
    {"illegal flow end",
     {"this closing bracket has no opening one, or another bracket is to be closed first"}},
    {"illegal EOF in scalar",
     {"after this, a quote is opened that is never closed", SyntaxAdvice::Where::last_read}},
    {"illegal document indicator in scalar",
     {"\"---\" or \"...\" within quotes: the quote above is never closed"}},
    {"illegal tab", {kTab}},
    {"end of sequence flow not found",
     {"this list is not closed properly: a \"]\" or a \",\" is missing", SyntaxAdvice::Where::opening, '['}},
    {"end of map flow not found",
     {"this mapping is not closed properly: a \"}\" or a \",\" is missing", SyntaxAdvice::Where::opening,
      '{'}},
    {"end of sequence not found", {kIndentation}},
    {"end of map not found", {kIndentation}},
    {"the referenced anchor is not defined",
     {"no anchor of this name stands above: define it with & first, or put quotes around a text that begins "
      "with \"*\""}},
    {"aliases can't have any content",
     {"an alias (*) takes no tag and no anchor: remove what stands before it"}},
    {"cannot assign multiple anchors", {"one value can have only one anchor"}},
    {"cannot assign multiple tags", {"one value can have only one tag"}},
    {"unknown token", {"nothing can begin like this: put quotes around it if it is a text, else remove it"}},
    {"anchor not found after", {kBeginning}},
    {"alias not found after", {kBeginning}},
    {"illegal character found while scanning", {kBeginning}},
    {"tag handle with no suffix", {kBeginning}},
    {"end of verbatim tag not found", {kBeginning}},
    {"cannot set zero indentation", {kBlockText}},
    {"unexpected character in block scalar", {kBlockText}},
    {"YAML directives must have", {kDirective}},
    {"bad YAML version", {kDirective}},
    {"YAML major version too large", {kDirective}},
    {"repeated YAML directive", {kDirective}},
    {"TAG directives must have", {kDirective}},
    {"repeated TAG directive", {kDirective}},
    {"unknown escape character",
     {"no such escape in double quotes: write \\\\ for a backslash, or use single quotes"}},
    {"bad character found while scanning hex number",
     {"\\x, \\u and \\U take 2, 4 and 8 hexadecimal digits: write \\\\ for a backslash, or use single "
      "quotes"}},
    {"invalid unicode", {"this escape is not a character: write the character itself"}},
    {"bad file", {"nested too deeply"}},
});

/// What stands on the line before the place, without the blanks at its end.
std::string_view line_up_to(std::string_view before) {
    const std::string_view line = before.substr(before.find_last_of('\n') + 1);
    return line.substr(0, line.find_last_not_of(" \t") + 1);
}

bool is_indented_by_a_tab(std::string_view line) {
    return line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
}

} // namespace

std::optional<SyntaxAdvice> syntax_advice(std::string_view parser_message, std::string_view before) {
    for (const Row& row : kRows) {
        if (!parser_message.starts_with(row.parser_message)) continue;
        const std::string_view line = line_up_to(before);
        if (row.advice.message == kColon && is_indented_by_a_tab(line)) return SyntaxAdvice{kTab};
        if (row.advice.message != kIndentation) return row.advice;
        if (line.ends_with('"') || line.ends_with('\'')) return SyntaxAdvice{kAfterQuotes};
        if (line.ends_with(']') || line.ends_with('}')) return SyntaxAdvice{kAfterBrackets};
        return row.advice;
    }
    return std::nullopt;
}

} // namespace reeld
