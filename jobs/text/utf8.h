/// UTF-8 (RFC 3629), judged in one place: is it well-formed, how is it mended, how many characters is it, and
/// how is it shown safely.
///
/// A character is a Unicode code point here; combining marks count on their own. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// U+FFFD, which stands where something could not be read.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

/// One character at some place of a text.
struct Utf8Character {
    char32_t code = 0;
    std::size_t bytes = 0; ///< 1 … 4; 0: what stands there is not UTF-8 (or the text has ended).
};

/// The character at byte `at`. Overlong forms, surrogates and codes above U+10FFFF are not UTF-8.
[[nodiscard]] Utf8Character character_at(std::string_view text, std::size_t at);

/// Whether a character commands a terminal instead of showing something: C0, DEL, and C1, which in UTF-8 has
/// two bytes and commands terminals just as C0 does.
[[nodiscard]] bool is_control(char32_t code);

/// Whether a character makes a line say something else than it seems to: those without width, and those that
/// break lines or switch the direction of writing.
[[nodiscard]] bool misleads(char32_t code);

/// Whether a text is nothing but ASCII, and with that well-formed UTF-8. Costs next to nothing, and most
/// texts of a program are.
[[nodiscard]] bool is_ascii(std::string_view text);

/// The offset of the first byte that is not part of well-formed UTF-8, if there is one.
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// The same text with U+FFFD in place of each byte that is not part of well-formed UTF-8. Well-formed text
/// comes back as it is, NUL included.
[[nodiscard]] std::string mend_utf8(std::string_view text);

/// Characters in a text; a byte that is not UTF-8 counts as one.
[[nodiscard]] std::size_t count_characters(std::string_view text);

/// The text with whatever could disturb a terminal or mislead its reader made visible: control characters
/// as `\xNN`, characters that reorder or hide text as `\u{NNNN}`, bytes that are not UTF-8 as `\xNN`. A tab
/// becomes one space. The result is valid UTF-8 on one line.
[[nodiscard]] std::string make_visible(std::string_view text);

/// A value as messages quote it: in double quotes, made visible, cut after 60 characters.
[[nodiscard]] std::string quote(std::string_view value);

} // namespace reeld
