#include "jobs/storyboard/unclosed_quote.h"

namespace reeld {

namespace {

/// Where the quote stands that opens the scalar at `offset`, after its tag and anchor; npos: it has none.
std::size_t opening_quote(std::string_view text, std::size_t offset) {
    while (offset < text.size() && (text[offset] == '!' || text[offset] == '&')) {
        const std::size_t blank = text.find_first_of(" \t\r\n", offset);
        offset = blank == text.npos ? text.npos : text.find_first_not_of(" \t\r\n", blank);
    }
    const bool quoted = offset < text.size() && (text[offset] == '"' || text[offset] == '\'');
    return quoted ? offset : text.npos;
}

/// Whether the quote at `quote_at` has its counterpart: `\"` and `''` do not count.
bool is_closed(std::string_view text, std::size_t quote_at) {
    const char mark = text[quote_at];
    for (std::size_t at = quote_at + 1; at < text.size(); ++at) {
        if (mark == '"' && text[at] == '\\') {
            ++at;
        } else if (text[at] == mark) {
            if (mark == '"' || at + 1 == text.size() || text[at + 1] != mark) return true;
            ++at;
        }
    }
    return false;
}

} // namespace

std::optional<std::size_t> unclosed_quote(std::string_view text, std::size_t offset) {
    const std::size_t quote_at = opening_quote(text, offset);
    if (quote_at == text.npos || is_closed(text, quote_at)) return std::nullopt;
    return quote_at;
}

} // namespace reeld
