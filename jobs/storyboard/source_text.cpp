#include "jobs/storyboard/source_text.h"

#include "jobs/text/utf8.h"

#include <algorithm>

namespace reeld {

namespace {

/// What is shown of a long line: enough on both sides of the place to recognise it, on one line of a
/// terminal.
constexpr std::size_t kShownBefore = 40;
constexpr std::size_t kShownAfter = 60;

constexpr std::string_view kCut = "…";

/// Offsets of the characters in a line, and of its end.
std::vector<std::size_t> character_offsets(std::string_view line) {
    std::vector<std::size_t> offsets;
    for (std::size_t at = 0; at < line.size();) {
        offsets.push_back(at);
        at += std::max<std::size_t>(1, character_at(line, at).bytes);
    }
    offsets.push_back(line.size());
    return offsets;
}

/// The part of a line around its character number `column`. A line may be the whole file, so only the bytes
/// near the place are looked at.
void cut_excerpt(std::string_view line, std::size_t offset, Fault& fault) {
    constexpr std::size_t kCharacterBytes = 4;
    const std::size_t from = offset - std::min(offset, (kShownBefore + 1) * kCharacterBytes);
    std::size_t start = from;
    while (start > 0 && start < offset && (static_cast<unsigned char>(line[start]) & 0xC0U) == 0x80U) ++start;
    const std::string_view near = line.substr(start, offset - start + (kShownAfter + 1) * kCharacterBytes);

    const std::vector<std::size_t> offsets = character_offsets(near);
    const auto found = std::upper_bound(offsets.begin(), offsets.end(), offset - start);
    const auto caret = static_cast<std::size_t>(found - offsets.begin()) - 1;
    const std::size_t first = caret - std::min(caret, kShownBefore);
    const std::size_t last = std::min(offsets.size() - 1, caret + kShownAfter);
    const bool cut_before = start + offsets[first] > 0;
    const bool cut_after = start + offsets[last] < line.size();

    fault.excerpt = cut_before ? kCut : std::string_view{};
    fault.excerpt += mend_utf8(near.substr(offsets[first], offsets[last] - offsets[first]));
    if (cut_after) fault.excerpt += kCut;
    fault.caret = static_cast<std::uint32_t>(caret - first + (cut_before ? 1 : 0));
}

} // namespace

SourceText::SourceText(std::string_view text) : text_(text) {
    line_starts_.push_back(0);
    for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
        line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
    }
}

std::size_t SourceText::line_of(std::size_t offset) const {
    const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    return static_cast<std::size_t>(after - line_starts_.begin()) - 1;
}

std::string_view SourceText::line_text(std::size_t line) const {
    const std::size_t start = line_starts_[line];
    const std::size_t end = line + 1 < line_starts_.size() ? line_starts_[line + 1] - 1 : text_.size();
    std::string_view content = text_.substr(start, end - start);
    if (content.ends_with('\r')) content.remove_suffix(1);
    return content;
}

Place SourceText::place_at(std::size_t offset) const {
    const std::size_t at = std::min(offset, text_.size());
    const std::size_t line = line_of(at);
    const std::string_view before = text_.substr(line_starts_[line], at - line_starts_[line]);
    return {.line = static_cast<std::uint32_t>(line + 1),
            .column = static_cast<std::uint32_t>(count_characters(before) + 1)};
}

Fault SourceText::fault_at(std::size_t offset, Severity severity, std::string message) const {
    const std::size_t at = std::min(offset, text_.size());
    const std::size_t line = line_of(at);
    Fault fault{.severity = severity, .place = place_at(at), .message = std::move(message), .excerpt = {}};
    const std::string_view content = line_text(line);
    cut_excerpt(content, std::min(at - line_starts_[line], content.size()), fault);
    return fault;
}

} // namespace reeld
