/// The text of a scalar as yaml-cpp 0.7.0 hands it over, before anyone reads it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// The parser makes the bytes 0x85 and 0xA0 of the escapes `\N` and `\_`, which are not UTF-8; here they
/// become the characters that were meant, U+0085 and U+00A0. Other text comes back as it is.
///
/// Precondition: the file was UTF-8, so that no other byte is out of place.
[[nodiscard]] std::string mend_escapes(const std::string& text);

/// A character that nobody sees and that YAML does not take for a blank.
struct InvisibleCharacter {
    std::size_t offset = 0; ///< In the file.
    char32_t code = 0;
};

/// The character at the start of a plain scalar that looks like indentation and is none (a no-break space, a
/// byte order mark), or the first byte order mark within it. `text` is the file, `offset` where the scalar
/// begins in it, `scalar` its text.
[[nodiscard]] std::optional<InvisibleCharacter> find_invisible(std::string_view text, std::size_t offset,
                                                               std::string_view scalar);

} // namespace reeld
