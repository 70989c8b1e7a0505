#include "tests/house_rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace reeld::test {

namespace {

constexpr std::size_t kShortHeaderLines = 40; // A short header may say it all in its names.
constexpr std::size_t kProsePercentMin = 15;

bool is_header(const SourceFile& file) {
    return file.path.ends_with(".h");
}

bool has_text(std::string_view line) {
    return line.find_first_not_of(" \t\r") != std::string_view::npos;
}

} // namespace

Faults headers_without_purpose(const SourceFile& file) {
    if (!is_header(file)) return {};
    Faults faults;
    if (!file.text.starts_with("/// ")) {
        faults.push_back(fault_at(file, 1, "a header begins with its purpose: /// …"));
    }
    const std::string directives = take_apart(file.text).directives;
    const std::size_t first = std::min(directives.find_first_not_of(" \n"), directives.size());
    if (!directives.substr(first).starts_with("#pragma once\n")) {
        faults.push_back(fault_at(file, line_at(directives, first), "#pragma once is missing, or not first"));
    }
    return faults;
}

Faults headers_without_prose(const SourceFile& file) {
    if (!is_header(file)) return {};
    const std::string comments = take_apart(file.text).comments;
    const std::vector<std::string_view> lines = lines_of(file.text);
    const std::vector<std::string_view> prose_lines = lines_of(comments);
    const auto all = static_cast<std::size_t>(std::ranges::count_if(lines, has_text));
    const auto prose = static_cast<std::size_t>(std::ranges::count_if(prose_lines, has_text));
    if (lines.size() <= kShortHeaderLines || prose * 100 >= all * kProsePercentMin) return {};
    return {fault_at(file, 1,
                     fmt::format("{} of {} lines explain, {} % at least", prose, all, kProsePercentMin))};
}

} // namespace reeld::test
