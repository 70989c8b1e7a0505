/// The provider's own words, made fit to be shown, logged and kept.
///
/// What a provider says may hold a prompt, a page of HTML, or bytes meant for a terminal. Everything that
/// leaves here is valid UTF-8 on one line, without control characters, and of bounded length. Pure functions.
#pragma once

#include <rapidjson/document.h>

#include <span>
#include <string>
#include <string_view>

namespace reeld::eachlabs {

struct Answer;

/// Bounds in bytes: a sentence for a line of a log; details for a manifest, whose lines people read; a code
/// is a word.
inline constexpr std::size_t kMessageBytesMax = 500;
inline constexpr std::size_t kDetailsBytesMax = 4000;
inline constexpr std::size_t kCodeBytesMax = 64;

/// Whether `word` is one of the `words` that a protocol knows for a thing.
[[nodiscard]] bool is_one_of(std::string_view word, std::span<const std::string_view> words);

/// One line: runs of blanks, control characters and characters that mislead become one space, the ends are
/// trimmed, bytes that are not UTF-8 become U+FFFD. Longer text is cut between characters and ends in "…".
[[nodiscard]] std::string clean_text(std::string_view text, std::size_t bytes_max);

/// A machine word: clean_text() with everything but letters, digits, '.', '_' and '-' as '_'.
[[nodiscard]] std::string clean_code(std::string_view text);

/// What an error body says, in either of the provider's shapes, {"status": "error", "message", "details"} and
/// {"error", "status": 429, "details"}. Either part may be empty.
struct Words {
    std::string message;
    std::string details; ///< Of an object or an array: its compact JSON text.
};
[[nodiscard]] Words words_of(const rapidjson::Value& body);

/// An answer in one line for a person: "HTTP 502: bad gateway". Works on every body: of JSON the message, of
/// HTML the title, of anything else its beginning.
[[nodiscard]] std::string first_words(const Answer& answer);

} // namespace reeld::eachlabs
