/// What yaml-cpp says about a text that is not YAML, in words that tell a person what to do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace reeld {

struct SyntaxAdvice {
    std::string_view message;
    /// Where the fault is best shown, as the parser's own place is often the end of the file.
    enum class Where : std::uint8_t {
        parser,   ///< Where the parser stopped.
        opening,  ///< At the innermost bracket that is still open.
        last_read ///< At the last value that was read whole.
    } where = Where::parser;
    char opening = '\0'; ///< The bracket, for Where::opening.
};

/// Advice for a message of yaml-cpp 0.7.0; std::nullopt for one that is clear enough or unknown. `before` is
/// the text that stands before the place where the parser stopped: where it is what ends in a quote or a
/// bracket, the advice is about that.
[[nodiscard]] std::optional<SyntaxAdvice> syntax_advice(std::string_view parser_message,
                                                        std::string_view before);

} // namespace reeld
