#include "tests/house_rules/functions.h"
#include "tests/house_rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace reeld::test {

namespace {

constexpr std::size_t kFunctionLinesMax = 60; // What one screen shows.
constexpr std::size_t kFileLinesMax = 400;    // What one sitting reads.
constexpr std::size_t kLineCharactersMax = 110;

/// Bytes that do not continue a character of UTF-8 begin one.
std::size_t characters(std::string_view line) {
    return static_cast<std::size_t>(
        std::ranges::count_if(line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

} // namespace

Faults long_functions(const SourceFile& file) {
    Faults faults;
    const std::string code = take_apart(file.text).code;
    for (const FunctionSpan& span : function_spans(code)) {
        if (span.lines() <= kFunctionLinesMax) continue;
        faults.push_back(fault_at(file, span.first_line,
                                  fmt::format("{} lines in one function, {} at most: {}", span.lines(),
                                              kFunctionLinesMax, span.head)));
    }
    return faults;
}

Faults long_files(const SourceFile& file) {
    const std::size_t lines = lines_of(file.text).size();
    if (lines <= kFileLinesMax) return {};
    return {fault_at(file, lines, fmt::format("{} lines in one file, {} at most", lines, kFileLinesMax))};
}

Faults long_lines(const SourceFile& file) {
    Faults faults;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(file.text)) {
        ++number;
        if (characters(line) <= kLineCharactersMax) continue;
        faults.push_back(fault_at(
            file, number, fmt::format("{} characters, {} at most", characters(line), kLineCharactersMax)));
    }
    return faults;
}

} // namespace reeld::test
