/// How long the functions of a source are.
///
/// The method: braces are followed through the code. A brace that opens outside of any function belongs to a
/// function when the words since the last `;`, `{` or `}` hold a parameter list (or are a lambda) and do not
/// begin a type, a namespace or an initializer. Its length is what a reader scrolls over: from the first line
/// of that head, `template <…>` included and comments above not, to the line of the closing brace. What is
/// nested inside (lambdas, local types) counts for the function around it.
///
/// It leans on clang-format in one place: a body's brace stands after a blank, an initializer's `member_{1}`
/// does not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::test {

struct FunctionSpan {
    std::string head; ///< Its first line, to be recognised by.
    std::size_t first_line = 0;
    std::size_t last_line = 0;

    [[nodiscard]] std::size_t lines() const { return last_line - first_line + 1; }
};

/// `code` as take_apart() gives it. In the order of the file.
[[nodiscard]] std::vector<FunctionSpan> function_spans(std::string_view code);

} // namespace reeld::test
