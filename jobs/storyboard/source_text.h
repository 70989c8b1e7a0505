/// The text of a file, and where in it something stands.
///
/// Parsers know byte offsets; people know lines and columns. This turns one into the other, by characters,
/// and cuts out the line to show under a message. Lines end at a line feed; a carriage return before it
/// belongs to the line's end.
#pragma once

#include "jobs/storyboard/fault.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace reeld {

class SourceText {
public:
    /// Keeps a view: the text must outlive this. At most 4 GiB.
    explicit SourceText(std::string_view text);

    [[nodiscard]] std::string_view text() const { return text_; }

    /// The place of a byte; offsets past the end are the end.
    [[nodiscard]] Place place_at(std::size_t offset) const;

    /// A fault about what stands at `offset`, with its place, excerpt and caret.
    [[nodiscard]] Fault fault_at(std::size_t offset, Severity severity, std::string message) const;

private:
    [[nodiscard]] std::size_t line_of(std::size_t offset) const;
    [[nodiscard]] std::string_view line_text(std::size_t line) const;

    std::string_view text_;
    std::vector<std::uint32_t> line_starts_; ///< Offsets; the first is 0.
};

} // namespace reeld
