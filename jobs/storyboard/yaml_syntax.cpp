#include "jobs/storyboard/yaml_syntax.h"

#include <array>

namespace reeld {

namespace {

struct Row {
    std::string_view parser_message; ///< How it begins.
    SyntaxAdvice advice;
};

constexpr std::string_view kIndentation =
    "this does not fit to the lines above: check its indentation, and the quotes before it";
constexpr std::string_view kTab = "a tab cannot indent in YAML: use spaces";

constexpr auto kRows = std::to_array<Row>({
    {"illegal map value",
     {"\":\" has no place here: put quotes around a text that holds \": \", or check the indentation"}},
    {"illegal block entry",
     {"a list element (\"- \") has no place here: check the indentation (tabs do not indent)"}},
    {"illegal map key", {"\"? \" has no place here: put quotes around the text"}},
    {"illegal flow end", {"a closing bracket without its opening one"}},
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
    {"the referenced anchor is not defined", {"no anchor of this name stands above: define it with & first"}},
    {"cannot assign multiple anchors", {"one value can have only one anchor"}},
    {"cannot assign multiple tags", {"one value can have only one tag"}},
    {"unknown token", {"a text cannot begin like this: put quotes around it"}},
    {"unknown escape character",
     {"no such escape in double quotes: write \\\\ for a backslash, or use single quotes"}},
    {"invalid unicode", {"this escape is not a character: write the character itself"}},
    {"bad file", {"nested too deeply"}},
});

} // namespace

std::optional<SyntaxAdvice> syntax_advice(std::string_view parser_message) {
    for (const Row& row : kRows) {
        if (parser_message.starts_with(row.parser_message)) return row.advice;
    }
    return std::nullopt;
}

} // namespace reeld
