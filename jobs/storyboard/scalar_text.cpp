#include "jobs/storyboard/scalar_text.h"

#include "jobs/text/blanks.h"
#include "jobs/text/utf8.h"

namespace reeld {

namespace {

/// Blanks of Unicode that are none to YAML, and characters without width.
bool looks_like_nothing(char32_t code) {
    return code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200B) || code == 0x202F ||
           code == 0x205F || code == 0x2060 || code == 0x3000 || code == 0xFEFF;
}

} // namespace

std::string mend_escapes(const std::string& text) {
    if (!first_invalid_utf8(text)) return text;
    std::string mended;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t bytes = character_at(text, at).bytes;
        if (bytes == 0) mended += '\xC2'; // Before 0x80 … 0xBF it makes the character of that number.
        mended += text.substr(at, bytes == 0 ? 1 : bytes);
        at += bytes == 0 ? 1 : bytes;
    }
    return mended;
}

std::optional<InvisibleCharacter> find_invisible(std::string_view text, std::size_t offset,
                                                 std::string_view scalar) {
    const char32_t first = character_at(scalar, 0).code;
    if (looks_like_nothing(first)) return InvisibleCharacter{.offset = offset, .code = first};
    if (scalar.find(kByteOrderMark) == scalar.npos) return std::nullopt;
    return InvisibleCharacter{.offset = text.find(kByteOrderMark, offset), .code = 0xFEFF};
}

} // namespace reeld
