#include "jobs/storyboard/text_check.h"

#include "jobs/text/utf8.h"

#include <fmt/format.h>

namespace reeld {

namespace {

/// UTF-16 shows by its byte order mark, or by a NUL beside every letter of the first word.
bool looks_like_utf16(std::string_view text) {
    using namespace std::string_view_literals;
    if (text.starts_with("\xFF\xFE"sv) || text.starts_with("\xFE\xFF"sv)) return true;
    return text.size() >= 4 && (text[0] == '\0') == (text[2] == '\0') &&
           (text[1] == '\0') == (text[3] == '\0') && (text[0] == '\0') != (text[1] == '\0');
}

/// Nearly every byte of nearly every file, so that it is asked first.
bool is_printable_ascii(char c) {
    return c >= ' ' && c <= '~';
}

/// Why the byte at `at`, which is well-formed UTF-8, has no place in a text; empty: it has.
std::string why_refused(std::string_view text, std::size_t at, char32_t code) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '\r' && (at + 1 == text.size() || text[at + 1] != '\n')) {
        return "a carriage return without a line feed: save the file with the line ends of Unix or Windows";
    }
    if (byte == 0) return "a NUL byte: this is not a text file, or it is damaged";
    if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) {
        return fmt::format("the control character 0x{:02x} has no place in YAML: remove it", byte);
    }
    // A next-line character is the one of C1 that YAML takes.
    if ((code >= 0x80 && code < 0xA0 && code != 0x85) || code == 0xFFFE || code == 0xFFFF) {
        return fmt::format("the character U+{:04X} has no place in YAML: remove it (the file may have been "
                           "converted to UTF-8 from the wrong encoding)",
                           static_cast<unsigned>(code));
    }
    return {};
}

} // namespace

bool check_text(std::string_view text, FaultList& faults) {
    if (looks_like_utf16(text)) {
        faults.error_of_file("the file is UTF-16 or UTF-32: save it as UTF-8");
        return false;
    }
    for (std::size_t at = 0; at < text.size();) {
        if (is_printable_ascii(text[at])) {
            ++at;
            continue;
        }
        const auto [code, bytes] = character_at(text, at);
        if (bytes == 0) {
            faults.error(at, fmt::format("the byte 0x{:02x} is not UTF-8 (the file may be Latin-1 or "
                                         "Windows-1252): save the file as UTF-8",
                                         static_cast<unsigned char>(text[at])));
            return false;
        }
        if (std::string why = why_refused(text, at, code); !why.empty()) {
            faults.error(at, std::move(why));
            return false;
        }
        at += bytes;
    }
    return true;
}

} // namespace reeld
