#include "daemon/app/hide_key.h"

#include <charconv>
#include <cstddef>

namespace reeld {

namespace {

/// Bytes of `text` from `at` on that stand for `c`: 1, 2 when it is escaped, 6 as \u00xx; 0 when they do not.
std::size_t bytes_of(char c, std::string_view text, std::size_t at) {
    const auto rest = text.substr(at);
    if (rest.starts_with(c)) return 1;
    if (rest.size() < 2 || rest[0] != '\\') return 0;
    if (rest[1] == c) return 2;
    constexpr std::size_t kUnicodeEscapeBytes = 6;
    if (rest[1] != 'u' || rest.size() < kUnicodeEscapeBytes) return 0;
    unsigned code = 0;
    const auto* end = rest.data() + kUnicodeEscapeBytes;
    const auto [stop, error] = std::from_chars(rest.data() + 2, end, code, 16);
    return error == std::errc{} && stop == end && code == static_cast<unsigned char>(c) ? kUnicodeEscapeBytes
                                                                                        : 0;
}

/// Bytes of `text` from `at` on that quote the key; 0 when they do not.
std::size_t quoted_at(std::string_view text, std::size_t at, std::string_view key) {
    const std::size_t begin = at;
    for (const char c : key) {
        const std::size_t bytes = bytes_of(c, text, at);
        if (bytes == 0) return 0;
        at += bytes;
    }
    return at - begin;
}

} // namespace

void hide_key(std::string& text, std::string_view key) {
    constexpr std::string_view kHidden = "***";
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::size_t bytes = quoted_at(text, at, key);
        if (bytes == 0) continue;
        text.replace(at, bytes, kHidden);
        at += kHidden.size() - 1;
    }
}

} // namespace reeld
