#include "jobs/storyboard/fault.h"

#include "jobs/text/utf8.h"

#include <algorithm>
#include <fmt/format.h>

namespace reeld {

namespace {

/// Columns a terminal gives to a character: two for the scripts of East Asia and for emoji.
std::size_t columns_of(char32_t code) {
    const bool wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                      (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                      (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
                      (code >= 0x1F300 && code <= 0x1FAFF) || (code >= 0x20000 && code <= 0x3FFFD);
    return wide ? 2 : 1;
}

std::size_t columns_of(std::string_view visible) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < visible.size();) {
        const Utf8Character character = character_at(visible, at);
        columns += columns_of(character.code);
        at += std::max<std::size_t>(1, character.bytes);
    }
    return columns;
}

/// The first `count` characters of a text.
std::string_view first_characters(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    for (; count > 0 && end < text.size(); --count) {
        end += std::max<std::size_t>(1, character_at(text, end).bytes);
    }
    return text.substr(0, end);
}

} // namespace

bool any_error(const std::vector<Fault>& faults) {
    return std::any_of(faults.begin(), faults.end(),
                       [](const Fault& fault) { return fault.severity == Severity::error; });
}

std::string render_fault(const std::string& file, const Fault& fault) {
    const std::string_view severity = fault.severity == Severity::error ? "error" : "warning";
    std::string out = make_visible(file);
    if (fault.place.line > 0) out += fmt::format(":{}:{}", fault.place.line, fault.place.column);
    out += fmt::format(": {}: {}", severity, make_visible(fault.message));
    if (fault.excerpt.empty()) return out;

    const std::string before = make_visible(first_characters(fault.excerpt, fault.caret));
    out += fmt::format("\n  {}\n  {}^", make_visible(fault.excerpt), std::string(columns_of(before), ' '));
    return out;
}

} // namespace reeld
