/// A C++ source taken apart, so that a rule about code is not fooled by a comment or a string, and a rule
/// about comments not by code.
///
/// Not a compiler: it knows comments, literals and preprocessor lines, and nothing of templates, macros or
/// types. That is enough for code that clang-format has laid out, which is a gate of its own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::test {

/// A file of the tree. Rules take these, so that they can be tried on samples that are on no disk.
struct SourceFile {
    std::string path; ///< From the root of the tree: "jobs/queue/shot.h".
    std::string text;
};

/// Each part has the length and the line breaks of the whole; what belongs to the other parts is blank. So a
/// position in one part is the same position in the file.
struct SourceText {
    std::string code;       ///< Without comments, preprocessor lines and what stands between quotes.
    std::string comments;   ///< With their `//` and `/* */`.
    std::string directives; ///< Preprocessor lines, `#include` paths included.
};

[[nodiscard]] SourceText take_apart(std::string_view text);

/// A name or a number in code.
struct Word {
    std::string_view text;
    std::size_t position = 0;
};

/// The runs of letters, digits and underscores of `text`, which the words point into.
[[nodiscard]] std::vector<Word> words_of(std::string_view text);

/// The first character after `position` that is not blank, or '\0'.
[[nodiscard]] char next_visible(std::string_view text, std::size_t position);

/// The last character before `position` that is not blank, or '\0'.
[[nodiscard]] char previous_visible(std::string_view text, std::size_t position);

/// Counted from 1.
[[nodiscard]] std::size_t line_at(std::string_view text, std::size_t position);

/// Without their line breaks. A last line without a break counts.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

/// "path:line: message", as editors understand it.
[[nodiscard]] std::string fault_at(const SourceFile& file, std::size_t line, std::string_view message);

} // namespace reeld::test
