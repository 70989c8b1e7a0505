#include "jobs/text/utf8.h"

#include <fmt/format.h>

namespace reeld {

namespace {

/// Long enough to recognise a prompt by, short enough for one line of a terminal.
constexpr std::size_t kQuotedCharactersMax = 60;

unsigned char byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

/// How many bytes a character that begins with `first` has, 0 when none begins so.
std::size_t length_by_first_byte(unsigned char first) {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return 2;
    if (first >= 0xE0 && first <= 0xEF) return 3;
    if (first >= 0xF0 && first <= 0xF4) return 4;
    return 0;
}

bool is_well_formed(char32_t code, std::size_t bytes) {
    const bool overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return !overlong && !surrogate && code <= 0x10FFFF;
}

void append_visible(std::string& out, std::string_view text, std::size_t at, Utf8Character character) {
    if (character.bytes == 0) {
        out += fmt::format("\\x{:02x}", byte_at(text, at));
    } else if (character.code == '\t') {
        out += ' ';
    } else if (is_control(character.code)) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned>(character.code));
    } else if (misleads(character.code)) {
        out += fmt::format("\\u{{{:x}}}", static_cast<unsigned>(character.code));
    } else {
        out += text.substr(at, character.bytes);
    }
}

} // namespace

Utf8Character character_at(std::string_view text, std::size_t at) {
    if (at >= text.size()) return {};
    const unsigned char first = byte_at(text, at);
    const std::size_t bytes = length_by_first_byte(first);
    if (bytes == 1) return {.code = first, .bytes = 1};
    if (bytes == 0 || bytes > text.size() - at) return {};

    char32_t code = first & (0x7FU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        const unsigned char next = byte_at(text, at + i);
        if ((next & 0xC0U) != 0x80U) return {};
        code = (code << 6U) | (next & 0x3FU);
    }
    if (!is_well_formed(code, bytes)) return {};
    return {.code = code, .bytes = bytes};
}

bool is_control(char32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

bool misleads(char32_t code) {
    return (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF;
}

bool is_ascii(std::string_view text) {
    unsigned char all = 0;
    for (const char c : text) all |= static_cast<unsigned char>(c);
    return all < 0x80;
}

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Character character = character_at(text, at);
        if (character.bytes == 0) return at;
        at += character.bytes;
    }
    return std::nullopt;
}

std::string mend_utf8(std::string_view text) {
    if (is_ascii(text)) return std::string{text};
    std::string mended;
    mended.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t bytes = character_at(text, at).bytes;
        mended += bytes == 0 ? kReplacementCharacter : text.substr(at, bytes);
        at += bytes == 0 ? 1 : bytes;
    }
    return mended;
}

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) {
        const std::size_t bytes = character_at(text, at).bytes;
        at += bytes == 0 ? 1 : bytes;
    }
    return count;
}

std::string make_visible(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Character character = character_at(text, at);
        append_visible(out, text, at, character);
        at += character.bytes == 0 ? 1 : character.bytes;
    }
    return out;
}

std::string quote(std::string_view value) {
    std::size_t end = 0;
    for (std::size_t count = 0; end < value.size(); ++count) {
        if (count == kQuotedCharactersMax) {
            return fmt::format("\"{}…\"", make_visible(value.substr(0, end)));
        }
        const std::size_t bytes = character_at(value, end).bytes;
        end += bytes == 0 ? 1 : bytes;
    }
    return fmt::format("\"{}\"", make_visible(value));
}

} // namespace reeld
